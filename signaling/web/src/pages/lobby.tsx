// The lobby on a page of its own; a visitor without a name is asked for one first.
import { useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { Link } from '../app/router';
import { account, rename } from '../app/session';
import { name as ownName } from '../app/settings';
import { Room } from '../lobby/room';
import { Button, Field } from '../ui/controls';
import '../styles/pages.css';

function Name({ done }: { done: () => void }) {
  const [name, setName] = useState(ownName.value);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!name.trim()) return;
    rename(name);
    done();
  };
  return (
    <main class="page center-page">
      <form class="card narrow" onSubmit={submit}>
        <h1>{t('start.lobby')}</h1>
        <p class="muted">{t('lobby.nameText')}</p>
        <Field label={t('start.name')} value={name} onInput={setName} autocomplete="name" maxLength={40} required autoFocus />
        <Button type="submit" kind="primary" class="large">{t('lobby.enter')}</Button>
        <Link to="/auth?next=/chat">{t('auth.signIn')}</Link>
      </form>
    </main>
  );
}

export default function LobbyPage() {
  const [named, setNamed] = useState(account.value !== null || ownName.value !== '');
  return named ? <main class="lobby"><Room level={1} section="card" /></main> : <Name done={() => setNamed(true)} />;
}
