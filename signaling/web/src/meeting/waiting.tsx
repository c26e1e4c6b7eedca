// The waiting room: why, at which place, and that the host knows.
import { useEffect, useState } from 'preact/hooks';
import { t, type Key } from '../app/i18n';
import { mirror } from '../app/settings';
import type { Waiting } from '../client';
import { Button } from '../ui/controls';
import { Icon } from '../ui/icon';
import { Picture } from './picture';
import type { Meeting } from './store';

export function WaitingRoom({ meeting, waiting }: { meeting: Meeting; waiting: Waiting }) {
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setMinutes((n) => n + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <main class="waiting">
      <div class="card">
        <div class="waiting-picture"><Picture track={meeting.media.video.value} mirrored={mirror.value && meeting.media.facing.value === 'user'} label={t('prejoin.preview')} hidden={!meeting.media.cameraOn.value} /><Icon name="user" size={40} /></div>
        <div role="status">
          <h1>{t('waiting.title')}</h1>
          <p>{t(`waiting.${waiting.reason}` as Key)}</p>
          {waiting.position > 0 && <p class="muted">{t('waiting.position', { n: waiting.position })}</p>}
          {minutes >= 2 && <p class="muted">{t('waiting.long')}</p>}
        </div>
        <Button icon="leave" kind="danger" onClick={() => void meeting.leave()}>{t('call.leave')}</Button>
      </div>
    </main>
  );
}
