// The start: a name, a new meeting, or the code of one; the way to everything else.
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime, errorText, t } from '../app/i18n';
import { Link, navigate } from '../app/router';
import { account, rename } from '../app/session';
import { name as ownName } from '../app/settings';
import { SignalError } from '../client';
import { meetingFrom } from '../app/meeting_code';
import { byTime, isComing } from '../app/meeting_times';
import { createMeeting, meetingsAhead, type MeetingEntry } from '../app/meetings';
import { Button, Field, Problem } from '../ui/controls';
import { Icon, type IconName } from '../ui/icon';
import { isInside, StartLobby } from './start_lobby';
import '../styles/pages.css';

function Way({ to, icon, label, hint }: { to: string; icon: IconName; label: string; hint: string }) {
  return (
    <li class="way">
      <Icon name={icon} size={24} />
      <span><Link to={to}>{label}</Link><small class="muted">{hint}</small></span>
    </li>
  );
}

function Coming() {
  const [meetings, setMeetings] = useState<MeetingEntry[]>([]);
  useEffect(() => {
    if (!account.value) return;
    const now = Date.now();
    meetingsAhead(now).then((found) => setMeetings(found.filter((one) => isComing(one, now)).sort(byTime)), () => {});
  }, [account.value]);
  if (meetings.length === 0) return null;
  return (
    <section class="card">
      <h2>{t('start.coming')}</h2>
      <ul class="list">
        {meetings.slice(0, 4).map((one) => (
          <li key={one.id}><span><strong class="ellipsis">{one.title}</strong><small class="muted">{dateTime(one.scheduled_time!)}</small></span><Link to={`/meeting/${one.code}`} class="button plain">{t('meetings.open')}</Link></li>
        ))}
      </ul>
    </section>
  );
}

export default function Start() {
  const [name, setName] = useState(ownName.value);
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [signIn, setSignIn] = useState(false);
  const [wrong, setWrong] = useState<{ name?: string; code?: string }>({});
  const [busy, setBusy] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const named = (): boolean => {
    if (name.trim()) {
      rename(name);
      return true;
    }
    setWrong({ name: t('start.nameNeeded') });
    nameField.current?.focus();
    return false;
  };
  const create = async () => {
    if (!named()) return;
    setBusy(true);
    setProblem(null);
    try {
      navigate(`/meeting/${await createMeeting()}`);
    } catch (error) {
      const needsAccount = error instanceof SignalError && (error.code === 'unauthenticated' || error.code === 'forbidden');
      setSignIn(needsAccount);
      setProblem(needsAccount ? t('start.needsAccount') : errorText(error));
    }
    setBusy(false);
  };
  const join = (event: Event) => {
    event.preventDefault();
    const id = meetingFrom(code);
    if (!id) {
      codeField.current?.focus();
      return setWrong({ code: t('start.codeWrong') });
    }
    if (name.trim()) rename(name);
    navigate(`/meeting/${id}`);
  };
  return (
    <main class={isInside() ? 'start inside' : 'start'}>
      <section class="hero">
        <h1>{t('start.title')}</h1>
        <p>{t('start.text')}</p>
      </section>
      <div class="start-side">
        <section class="card start-box">
          <Field label={t('start.name')} value={name} onInput={(value) => { setName(value); setWrong({}); }} autocomplete="name" maxLength={40} error={wrong.name} inputRef={nameField} />
          <Button kind="primary" icon="camera" class="large" busy={busy} onClick={() => void create()}>{t('start.new')}</Button>
          <Problem text={problem}>{signIn && <Link to="/auth?next=/" class="button plain">{t('auth.signIn')}</Link>}</Problem>
          <p class="or"><span>{t('start.or')}</span></p>
          <form class="join-row" onSubmit={join}>
            <Field label={t('start.code')} value={code} onInput={(value) => { setCode(value); setWrong({}); }} placeholder="BCD-FGHJ-KLM" error={wrong.code} inputRef={codeField} />
            <Button type="submit">{t('start.join')}</Button>
          </form>
        </section>
        <Coming />
      </div>
      <StartLobby isNamed={named} />
      <nav aria-label={t('start.more')}>
        <ul class="ways">
          {!account.value && <Way to="/auth" icon="user" label={t('auth.signIn')} hint={t('start.signInHint')} />}
          <Way to="/meetings/create" icon="calendar" label={t('start.schedule')} hint={t('start.scheduleHint')} />
          <Way to="/chat" icon="chat" label={t('start.lobby')} hint={t('start.lobbyHint')} />
          <Way to="/check" icon="pulse" label={t('start.check')} hint={t('start.checkHint')} />
          <Way to="/settings" icon="settings" label={t('settings.title')} hint={t('start.settingsHint')} />
        </ul>
      </nav>
    </main>
  );
}
