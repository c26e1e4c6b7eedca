// A meeting for later, with everything that can be set about it.
import { useState } from 'preact/hooks';
import { dateTime, t } from '../app/i18n';
import { http } from '../app/http';
import { creation, newFields, type MeetingFields } from '../app/meeting_fields';
import { navigate } from '../app/router';
import type { MeetingEntry } from '../app/meetings';
import { inviteLink, prettyCode } from '../meeting/people';
import { Button, copy } from '../ui/controls';
import { MeetingForm } from '../ui/meeting_form';
import { QrButton } from '../ui/qr_button';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

function Done({ meeting }: { meeting: MeetingEntry }) {
  return (
    <main class="page center-page">
      <div class="card narrow">
        <h1>{t('schedule.done')}</h1>
        <p role="status"><strong>{meeting.title}</strong><br />{meeting.scheduled_time ? dateTime(meeting.scheduled_time) : ''}</p>
        <p class="big-code">{prettyCode(meeting.code)}</p>
        <Button kind="primary" icon="link" onClick={() => void copy(inviteLink(meeting.code))}>{t('people.copyLink')}</Button>
        <QrButton link={inviteLink(meeting.code)} />
        <Button onClick={() => navigate('/meetings')}>{t('shell.meetings')}</Button>
      </div>
    </main>
  );
}

function Form({ done }: { done: (meeting: MeetingEntry) => void }) {
  const save = async (fields: MeetingFields, invites: string[]) => {
    const answer = await http.post<{ meeting: MeetingEntry }>('/api/meeting/create/', { ...creation(fields), ...(invites.length > 0 ? { invites } : {}) });
    done(answer.meeting);
  };
  return (
    <main class="page">
      <h1>{t('schedule.title')}</h1>
      <MeetingForm initial={newFields(Date.now())} label={t('schedule.create')} hasInvites save={save} />
    </main>
  );
}

export default function SchedulePage() {
  const [meeting, setMeeting] = useState<MeetingEntry | null>(null);
  return <NeedsAccount>{meeting ? <Done meeting={meeting} /> : <Form done={setMeeting} />}</NeedsAccount>;
}
