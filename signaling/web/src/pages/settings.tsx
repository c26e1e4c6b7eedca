// Settings of this browser, and the profile of an account.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { http, HttpError } from '../app/http';
import { navigate } from '../app/router';
import { account, disconnect, rename, signOut, type Account } from '../app/session';
import { name as ownName } from '../app/settings';
import { LocalMedia } from '../media/local';
import { DeviceTrouble } from '../meeting/devices';
import { Button, Field, notify, Problem } from '../ui/controls';
import { SettingsForm } from '../ui/settings_form';
import '../styles/pages.css';
import '../styles/call.css';

function Profile({ me }: { me: Account }) {
  const [name, setName] = useState(me.name);
  const [username, setUsername] = useState(me.username ?? '');
  const [email, setEmail] = useState(me.email);
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const attempt = async (work: () => Promise<unknown>, done: string) => {
    setProblem(null);
    setFields({});
    try {
      await work();
      notify(done);
    } catch (error) {
      if (error instanceof HttpError) setFields(error.fields);
      setProblem(errorText(error));
    }
  };
  const save = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      const patch = { name, email, ...(username ? { username } : {}) };
      account.value = (await http.patch<{ data: Account }>(`/api/users/${me.id}`, patch)).data;
      ownName.value = name;
    }, t('profile.saved'));
  };
  const change = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      await http.post('/api/auth/password', { current_password: current, new_password: fresh });
      setCurrent('');
      setFresh('');
      disconnect();
    }, t('profile.passwordChanged'));
  };
  const everywhere = () => void attempt(async () => {
    await http.post('/api/auth/logout-all');
    await signOut();
    navigate('/');
  }, t('profile.signedOut'));
  return (
    <section class="card">
      <h2>{t('profile.title')}</h2>
      <Problem text={problem} />
      <form onSubmit={save}>
        <div class="two">
          <Field label={t('auth.name')} value={name} onInput={setName} autocomplete="name" error={fields.name?.[0]} />
          <Field label={t('profile.username')} value={username} onInput={setUsername} autocomplete="username" hint={t('profile.usernameHint')} error={fields.username?.[0]} />
        </div>
        <Field label={t('auth.email')} type="email" value={email} onInput={setEmail} autocomplete="email" error={fields.email?.[0]} />
        <Button type="submit" kind="primary">{t('auth.save')}</Button>
      </form>
      <details>
        <summary>{t('profile.password')}</summary>
        <form onSubmit={change}>
          <Field label={t('profile.current')} type="password" value={current} onInput={setCurrent} autocomplete="current-password" required />
          <Field label={t('profile.new')} type="password" value={fresh} onInput={setFresh} autocomplete="new-password" required hint={t('auth.passwordHint')} />
          <Button type="submit">{t('profile.changePassword')}</Button>
        </form>
        <Button kind="danger" onClick={everywhere}>{t('profile.everywhere')}</Button>
      </details>
    </section>
  );
}

function GuestName() {
  const [name, setName] = useState(ownName.value);
  return <section class="card"><Field label={t('start.name')} value={name} onInput={(value) => { setName(value); rename(value); }} autocomplete="name" maxLength={40} /></section>;
}

export default function SettingsPage() {
  const media = useMemo(() => new LocalMedia(), []);
  const [devices, setDevices] = useState(false);
  useEffect(() => () => media.stop(), []);
  const open = async () => {
    media.cameraOn.value = false; // the microphone is enough to learn the names of all devices
    await media.setMic(true);
    await media.start();
    setDevices(true);
  };
  return (
    <main class="page">
      <h1>{t('settings.title')}</h1>
      {account.value ? <Profile key={account.value.id} me={account.value} /> : <GuestName />}
      <section class="card settings-card">
        {!devices && <section><h2>{t('settings.devices')}</h2><Button icon="mic" onClick={() => void open()}>{t('settings.openDevices')}</Button></section>}
        <DeviceTrouble media={media} />
        <SettingsForm media={devices ? media : null} />
      </section>
    </main>
  );
}
