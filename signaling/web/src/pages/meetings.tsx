// The meetings of an account: what comes, what was, who invited.
import { useState } from 'preact/hooks';
import { dateTime, errorText, t, type Key } from '../app/i18n';
import { http } from '../app/http';
import { Link } from '../app/router';
import { inOrder } from '../app/meeting_times';
import { addresses, addressProblem } from '../app/addresses';
import { isChangeable, kMeetingPage, listMeetings, meetingsAhead, type MeetingEntry } from '../app/meetings';
import { inviteLink, prettyCode } from '../meeting/people';
import { Button, copy, Dialog, Field, notify, Problem } from '../ui/controls';
import { Icon } from '../ui/icon';
import { Loaded, More, useLoad, usePages } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import { InvitationList } from '../ui/invitation_list';
import '../styles/pages.css';

interface RecordingEntry {
  id: number;
  status: string;
  bytes: number | null;
  duration: number | null;
  created_at: string;
}

function Invite({ meeting, onClose }: { meeting: MeetingEntry; onClose: () => void }) {
  const [emails, setEmails] = useState('');
  const [message, setMessage] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    const wrong = addressProblem(emails);
    setProblem(wrong);
    if (wrong) return;
    try {
      await http.post(`/api/meeting/${meeting.meeting_id}/invite/`, { emails: addresses(emails), ...(message ? { message } : {}) });
      notify(t('meetings.invited'));
      onClose();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog title={t('meetings.inviteTo', { title: meeting.title })} onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <Field label={t('schedule.invites')} value={emails} onInput={setEmails} rows={3} hint={t('schedule.invitesHint')} />
        <Field label={t('meetings.message')} value={message} onInput={setMessage} rows={2} />
        <Problem text={problem} />
        <Button type="submit" kind="primary" disabled={addresses(emails).length === 0}>{t('meetings.invite')}</Button>
      </form>
    </Dialog>
  );
}

function Recordings({ meeting, onClose }: { meeting: MeetingEntry; onClose: () => void }) {
  const base = `/api/meeting/${meeting.meeting_id}/recordings`;
  const found = useLoad(() => http.get<{ recordings: RecordingEntry[] }>(base));
  return (
    <Dialog title={t('meetings.recordings')} onClose={onClose}>
      <Loaded of={found}>
        {({ recordings }) => recordings.length === 0 ? <p class="muted">{t('meetings.noRecordings')}</p> : (
          <ul class="list">
            {recordings.map((one) => (
              <li key={one.id} class="recording-entry">
                <span><strong>{dateTime(one.created_at)}</strong><small class="muted">{one.bytes ? `${(one.bytes / 1e6).toFixed(1)} MB` : t(`recording.${one.status === 'ready' ? 'ready' : 'unfinished'}` as Key)}</small></span>
                {one.status === 'ready' && <video src={`${base}/${one.id}`} controls preload="metadata" aria-label={t('meetings.playRecording', { when: dateTime(one.created_at) })} />}
                <span class="row">
                  {one.status === 'ready' && <a class="button plain" href={`${base}/${one.id}`} download="">{t('meetings.download')}</a>}
                  <Button kind="quiet" icon="trash" label={t('meetings.deleteRecording')} onClick={() => void http.delete(`${base}/${one.id}`).then(found.again, (error) => notify(errorText(error), 'alert'))} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Dialog>
  );
}

function Entry({ meeting, changed }: { meeting: MeetingEntry; changed: () => void }) {
  const [dialog, setDialog] = useState<'none' | 'invite' | 'recordings'>('none');
  const [sure, setSure] = useState(false);
  const ended = meeting.status === 'ended';
  const remove = () => void http.delete(`/api/meeting/detail/${meeting.meeting_id}/`).then(changed, (error) => notify(errorText(error), 'alert'));
  return (
    <li class="card meeting-entry">
      <div>
        <h2 class="ellipsis">{meeting.title}</h2>
        <p class="muted">{meeting.scheduled_time ? dateTime(meeting.scheduled_time) : t('meetings.instant')} · <span class="nowrap">{prettyCode(meeting.code)}</span> · {t(`meetings.status.${meeting.status}` as Key)}</p>
      </div>
      <div class="row wrap">
        {!ended && <Link to={`/meeting/${meeting.code}`} class="button primary">{t('meetings.open')}</Link>}
        {!ended && <Button icon="link" kind="quiet" label={t('people.copyLink')} onClick={() => void copy(inviteLink(meeting.code))} />}
        {isChangeable(meeting) && <Link to={`/meetings/edit/${meeting.code}`} class="button quiet" label={t('meetings.change', { title: meeting.title })}><Icon name="edit" size={20} /></Link>}
        {!ended && <Button icon="people" kind="quiet" label={t('meetings.invite')} onClick={() => setDialog('invite')} />}
        <Button icon="record" kind="quiet" label={t('meetings.recordings')} onClick={() => setDialog('recordings')} />
        <a class="button quiet" href={`/api/meeting/${meeting.meeting_id}/calendar.ics`} aria-label={t('meetings.calendar')} title={t('meetings.calendar')} download=""><Icon name="calendar" size={20} /></a>
        {sure
          ? <Button kind="danger" onClick={remove}>{t('posts.deleteSure')}</Button>
          : <Button icon="trash" kind="quiet" label={t('meetings.delete', { title: meeting.title })} onClick={() => setSure(true)} />}
      </div>
      {dialog === 'invite' && <Invite meeting={meeting} onClose={() => setDialog('none')} />}
      {dialog === 'recordings' && <Recordings meeting={meeting} onClose={() => setDialog('none')} />}
    </li>
  );
}

// What comes is there from the beginning, whatever page it is on; of the others a page at a time.
async function load(page: number) {
  const [{ meetings, total, ...rest }, ahead] = await Promise.all([listMeetings(page), meetingsAhead(Date.now())]);
  return { ...rest, ahead, items: meetings, isLast: page * kMeetingPage >= total };
}

function List() {
  const found = usePages(load);
  return (
    <main class="page">
      <div class="row between wrap"><h1>{t('shell.meetings')}</h1><Link to="/meetings/create" class="button primary">{t('start.schedule')}</Link></div>
      <Loaded of={found}>
        {({ items, ahead, invitations, calendar_url }) => (
          <>
            {invitations.length > 0 && <section><h2>{t('invitations.title')}</h2><InvitationList invitations={invitations} changed={found.again} /></section>}
            {items.length === 0 && <p class="card muted">{t('meetings.none')}</p>}
            <ul class="stack">{inOrder([...items, ...ahead], Date.now()).map((meeting) => <Entry key={meeting.id} meeting={meeting} changed={found.again} />)}</ul>
            <More of={found} />
            {calendar_url && <Button icon="calendar" kind="quiet" onClick={() => void copy(new URL(calendar_url, location.origin).href)}>{t('meetings.subscribe')}</Button>}
          </>
        )}
      </Loaded>
    </main>
  );
}

export default function MeetingsPage() {
  return <NeedsAccount><List /></NeedsAccount>;
}
