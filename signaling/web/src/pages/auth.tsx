// Signing in, signing up, and the links that come by mail.
import { useEffect, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { http, HttpError } from '../app/http';
import { Link, navigate, query } from '../app/router';
import { signIn } from '../app/session';
import { Button, Field, notify, Problem } from '../ui/controls';
import '../styles/pages.css';

// Only paths of ours: a link must not send anybody elsewhere.
function next(): string {
  const wanted = query.value.get('next') ?? '/';
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}

function useForm() {
  const [problem, setProblem] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    setFields({});
    try {
      await work();
    } catch (error) {
      if (error instanceof HttpError) setFields(error.fields);
      setProblem(errorText(error));
    }
    setBusy(false);
  };
  const submit = (work: () => Promise<void>) => (event: Event) => {
    event.preventDefault();
    void run(work);
  };
  return { problem, fields, busy, run, submit };
}

function SignIn() {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm();
  const enter = (way: 'login' | 'signup') => async () => {
    await signIn(way, { email, password, ...(way === 'signup' && name.trim() ? { name: name.trim() } : {}) });
    navigate(next(), true);
  };
  return (
    <form class="card narrow" onSubmit={form.submit(enter('login'))}>
      <h1>{t('auth.signIn')}</h1>
      <Field label={t('auth.email')} type="email" value={email} onInput={setEmail} autocomplete="email" required error={form.fields.email?.[0]} />
      <Field label={t('auth.password')} type="password" value={password} onInput={setPassword} autocomplete="current-password" required error={form.fields.password?.[0]} />
      <Problem text={form.problem} />
      <Button type="submit" kind="primary" class="large" busy={form.busy}>{t('auth.signIn')}</Button>
      <Link to="/auth/forgot" class="center">{t('auth.forgot')}</Link>
      <p class="or"><span>{t('auth.new')}</span></p>
      <p class="muted">{t('auth.newText')}</p>
      <Field label={t('auth.name')} value={name} onInput={setName} autocomplete="name" maxLength={100} error={form.fields.name?.[0]} />
      <Button class="large" disabled={form.busy} onClick={() => void form.run(enter('signup'))}>{t('auth.create')}</Button>
    </form>
  );
}

function Forgot() {
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const form = useForm();
  const send = async () => {
    await http.post('/api/auth/forgot', { email });
    setSent(true);
  };
  return (
    <form class="card narrow" onSubmit={form.submit(send)}>
      <h1>{t('auth.forgot')}</h1>
      <p role="status">{t(sent ? 'auth.forgotSent' : 'auth.forgotText')}</p>
      {!sent && <Field label={t('auth.email')} type="email" value={email} onInput={setEmail} autocomplete="email" required />}
      <Problem text={form.problem} />
      {!sent && <Button type="submit" kind="primary" busy={form.busy}>{t('auth.send')}</Button>}
      <Link to="/auth">{t('auth.signIn')}</Link>
    </form>
  );
}

function Reset() {
  const [password, setPassword] = useState('');
  const form = useForm();
  const save = async () => {
    await http.post('/api/auth/reset', { token: query.value.get('token') ?? '', password });
    notify(t('auth.resetDone'));
    navigate('/auth', true);
  };
  return (
    <form class="card narrow" onSubmit={form.submit(save)}>
      <h1>{t('auth.reset')}</h1>
      <Field label={t('auth.password')} type="password" value={password} onInput={setPassword} autocomplete="new-password" required hint={t('auth.passwordHint')} />
      <Problem text={form.problem} />
      <Button type="submit" kind="primary" busy={form.busy}>{t('auth.save')}</Button>
    </form>
  );
}

function Verify() {
  const [text, setText] = useState(t('auth.verifying'));
  useEffect(() => {
    http.post('/api/auth/verify', { token: query.value.get('token') ?? '' }).then(() => setText(t('auth.verified')), (error) => setText(errorText(error)));
  }, []);
  return <div class="card narrow"><h1>{t('auth.verify')}</h1><p role="status">{text}</p><Link to="/">{t('over.home')}</Link></div>;
}

export default function Auth({ params }: { params: string[] }) {
  const Shown = { forgot: Forgot, reset: Reset, verify: Verify }[params[0] ?? ''] ?? SignIn;
  return <main class="page center-page"><Shown /></main>;
}
