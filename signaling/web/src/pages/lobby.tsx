// The lobby: everybody's chat, who is online, and calling one of them.
import { useEffect, useState } from 'preact/hooks';
import { t, type Key } from '../app/i18n';
import { Link } from '../app/router';
import { account, connectionState, rename } from '../app/session';
import { name as ownName } from '../app/settings';
import { calls } from '../calls/store';
import { Chat } from '../meeting/chat';
import { Avatar, Button, Field } from '../ui/controls';
import { Icon } from '../ui/icon';
import { Lobby, type Person } from './lobby_store';
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

function Online({ people, ownId }: { people: Person[]; ownId: string | null }) {
  const others = people.filter((person) => person.userId !== ownId && person.state !== 'offline');
  return (
    <section class="card online-box" aria-label={t('lobby.online')}>
      <h2>{t('lobby.online')} <span class="muted">{others.length + 1}</span></h2>
      <ul class="people" aria-label={t('lobby.online')}>
        <li><Avatar name={ownName.value || '?'} size="small" /><span class="person-name ellipsis">{t('tile.you', { name: ownName.value })}</span></li>
        {others.map(({ userId, name, state }) => (
          <li key={userId}>
            <span class={`presence ${state}`}><Avatar name={name} size="small" /></span>
            <span class="person-name"><span class="ellipsis">{name}</span><small class="muted">{t(`presence.${state}` as Key)}</small></span>
            <Button icon="phone" kind="quiet" label={t('lobby.call', { name })} onClick={() => void calls.invite(userId, name)} />
          </li>
        ))}
      </ul>
      {others.length === 0 && <p class="muted">{t('lobby.alone')}</p>}
    </section>
  );
}

function Room() {
  const [lobby] = useState(() => new Lobby());
  useEffect(() => lobby.open(), []);
  const cut = connectionState.value.name !== 'connected';
  return (
    <main class="lobby">
      <section class="card lobby-chat" aria-label={t('start.lobby')}>
        <header><h1>{t('start.lobby')}</h1><div role="status">{cut && <span class="chip"><span class="spinner" />{t('lobby.connecting')}</span>}</div></header>
        {lobby.problem.value ? <p role="alert" class="problem"><Icon name="warning" />{lobby.problem.value}</p> : null}
        <Chat
          messages={lobby.messages.value} isOwn={(message) => message.userId != null && message.userId === lobby.ownId.value} typing={lobby.typing.value}
          empty={t('lobby.empty')} send={(text) => lobby.send(text)} onTyping={(typing) => lobby.type(typing)} loadEarlier={() => lobby.loadEarlier()}
          remove={(message) => void lobby.remove(message.messageId)}
        />
      </section>
      <Online people={lobby.people.value} ownId={lobby.ownId.value} />
    </main>
  );
}

export default function LobbyPage() {
  const [named, setNamed] = useState(account.value !== null || ownName.value !== '');
  return named ? <Room /> : <Name done={() => setNamed(true)} />;
}
