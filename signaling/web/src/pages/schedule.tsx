// A meeting for later, with everything that can be set about it.
import { useState } from 'preact/hooks';
import { dateTime, errorText, t, type Key } from '../app/i18n';
import { http, HttpError } from '../app/http';
import { navigate } from '../app/router';
import type { MeetingEntry } from '../app/meetings';
import { inviteLink, prettyCode } from '../meeting/people';
import { addresses, addressProblem } from './meetings';
import { Button, Choice, copy, Field, Problem, Switch } from '../ui/controls';
import { QrButton } from '../ui/qr_button';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

// The next full hour, as the field wants it: local time without a zone.
function nextHour(): string {
  const date = new Date(Date.now() + 3_600_000);
  date.setMinutes(0, 0, 0);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const kOptions = { waiting_room: false, join_before_host: false, guests_allowed: true, allow_unmute: true, allow_screen_share: true, enable_chat: true, enable_reactions: true, is_recorded: false };
type Options = typeof kOptions;

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
  const [title, setTitle] = useState('');
  const [when, setWhen] = useState(nextHour());
  const [duration, setDuration] = useState('30');
  const [type, setType] = useState('scheduled');
  const [access, setAccess] = useState('public');
  const [password, setPassword] = useState('');
  const [most, setMost] = useState('100');
  const [invites, setInvites] = useState('');
  const [options, setOptions] = useState<Options>(kOptions);
  const [problem, setProblem] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = addressProblem(invites);
    setProblem(wrong);
    setFields(wrong ? { invites: [wrong] } : {});
    if (wrong) return;
    setBusy(true);
    try {
      const answer = await http.post<{ meeting: MeetingEntry }>('/api/meeting/create/', {
        ...options, meeting_type: type, access_type: access, scheduled_time: new Date(when).toISOString(), duration_minutes: Number(duration), max_participants: Number(most),
        ...(title.trim() ? { title: title.trim() } : {}), ...(password ? { password } : {}), ...(invites.trim() ? { invites: addresses(invites) } : {}),
      });
      done(answer.meeting);
    } catch (error) {
      if (error instanceof HttpError) setFields(error.fields);
      setProblem(errorText(error));
    }
    setBusy(false);
  };
  const choice = (name: string, values: string[]) => values.map((value) => ({ value, label: t(`schedule.${name}.${value}` as Key) }));
  return (
    <main class="page">
      <h1>{t('schedule.title')}</h1>
      <form class="card" onSubmit={(event) => void submit(event)}>
        <Field label={t('schedule.name')} value={title} onInput={setTitle} maxLength={200} placeholder={t('schedule.namePlaceholder')} error={fields.title?.[0]} />
        <div class="two">
          <Field label={t('schedule.when')} type="datetime-local" value={when} onInput={setWhen} required error={fields.scheduled_time?.[0]} />
          <Choice label={t('schedule.duration')} value={duration} onChange={setDuration} options={['15', '30', '45', '60', '90', '120'].map((value) => ({ value, label: t('schedule.minutes', { n: value }) }))} />
          <Choice label={t('schedule.type')} value={type} onChange={setType} options={choice('type', ['scheduled', 'lecture'])} />
          <Choice label={t('schedule.access')} value={access} onChange={setAccess} options={choice('access', ['public', 'approval_required', 'private'])} />
          <Field label={t('schedule.password')} value={password} onInput={setPassword} maxLength={20} hint={t('schedule.passwordHint')} error={fields.password?.[0]} />
          <Field label={t('schedule.most')} type="number" value={most} onInput={setMost} min="2" error={fields.max_participants?.[0]} />
        </div>
        <Field label={t('schedule.invites')} value={invites} onInput={setInvites} rows={2} hint={t('schedule.invitesHint')} error={fields.invites?.[0]} />
        <fieldset>
          <legend>{t('schedule.options')}</legend>
          {(Object.keys(kOptions) as (keyof Options)[]).map((key) => (
            <Switch key={key} label={t(`schedule.${key}` as Key)} on={options[key]} onChange={(on) => setOptions({ ...options, [key]: on })} />
          ))}
        </fieldset>
        <Problem text={problem} />
        <Button type="submit" kind="primary" class="large" busy={busy}>{t('schedule.create')}</Button>
      </form>
    </main>
  );
}

export default function SchedulePage() {
  const [meeting, setMeeting] = useState<MeetingEntry | null>(null);
  return <NeedsAccount>{meeting ? <Done meeting={meeting} /> : <Form done={setMeeting} />}</NeedsAccount>;
}
