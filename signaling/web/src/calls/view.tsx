// A ringing call above whatever page is shown, and the call itself when it runs.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { t } from '../app/i18n';
import type { Meeting } from '../meeting/store';
import { Avatar, Button, Dialog } from '../ui/controls';
import { calls, type Ringing } from './store';

export { calls };

function RingingDialog({ ringing }: { ringing: Ringing }) {
  const incoming = ringing.way === 'in';
  return (
    <Dialog title={t(incoming ? 'calls.incoming' : 'calls.outgoing', { name: ringing.name })} role="alertdialog" class="ringing" onClose={() => void calls.answer(incoming ? 'decline' : 'cancel')}>
      <Avatar name={ringing.name} size="large" />
      <div class="row center">
        {incoming ? (
          <>
            <Button kind="danger" icon="leave" onClick={() => void calls.answer('decline')}>{t('calls.decline')}</Button>
            <Button kind="primary" icon="phone" onClick={() => void calls.answer('accept')}>{t('calls.accept')}</Button>
          </>
        ) : (
          <Button kind="danger" icon="leave" onClick={() => void calls.answer('cancel')}>{t('call.hangUp')}</Button>
        )}
      </div>
    </Dialog>
  );
}

function Running({ meeting }: { meeting: Meeting }) {
  const [View, setView] = useState<ComponentType<{ meeting: Meeting }> | null>(null);
  useEffect(() => {
    void import('../meeting/view').then((module) => setView(() => module.Call));
  }, []);
  const over = meeting.phase.value.name === 'over';
  useEffect(() => {
    if (over) calls.close();
  }, [over]);
  return View && meeting.state.value && !over ? <View meeting={meeting} /> : null;
}

export function Calls() {
  const meeting = calls.meeting.value;
  const ringing = calls.ringing.value;
  return (
    <>
      {meeting && <Running key={meeting.id} meeting={meeting} />}
      {ringing && <RingingDialog key={ringing.callId} ringing={ringing} />}
    </>
  );
}
