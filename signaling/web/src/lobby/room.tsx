// The lobby itself: everybody's chat, who is online, and calling one of them. On a page of its own and on the start.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText, t, type Key } from '../app/i18n';
import { Link, path } from '../app/router';
import { account, connectionState } from '../app/session';
import { inLobby, name as ownName } from '../app/settings';
import { calls } from '../calls/store';
import type { SignalError } from '../client';
import { Chat } from '../meeting/chat';
import { Avatar, Button, Problem } from '../ui/controls';
import { Lobby, type Person } from './store';
import '../styles/lobby.css';

function Somebody({ person: { userId, name, state } }: { person: Person }) {
  return (
    <li>
      <span class={`presence ${state}`}><Avatar name={name} size="small" /></span>
      <span class="person-name"><span class="ellipsis">{name}</span><small class="muted">{t(`presence.${state}` as Key)}</small></span>
      <Button icon="phone" kind="quiet" label={t('lobby.call', { name })} onClick={() => void calls.invite(userId, name)} />
    </li>
  );
}

function Online({ lobby, level }: { lobby: Lobby; level: 1 | 2 }) {
  const Heading = `h${level + 1}` as 'h2' | 'h3';
  const self = lobby.self.value;
  const others = lobby.people.value.filter((person) => person.userId !== self?.id && person.state !== 'offline');
  const name = self?.name ?? ownName.value;
  return (
    <>
      <Heading>{t('lobby.online')} <span class="muted">{others.length + 1}</span></Heading>
      <ul class="people" aria-label={t('lobby.online')}>
        <li><Avatar name={name} size="small" /><span class="person-name ellipsis">{t('tile.you', { name })}</span></li>
        {others.map((person) => <Somebody key={person.userId} person={person} />)}
      </ul>
      {self && others.length === 0 && <p class="muted">{t('lobby.alone')}</p>}
    </>
  );
}

function LobbyChat({ lobby }: { lobby: Lobby }) {
  const self = lobby.self.value;
  return (
    <Chat
      messages={lobby.messages.value} isOwn={(message) => message.userId != null && message.userId === self?.id} typing={lobby.typing.value}
      empty={self ? t('lobby.empty') : ''} send={(text) => lobby.send(text)} onTyping={(typing) => lobby.type(typing)} loadEarlier={() => lobby.loadEarlier()}
      remove={(message) => void lobby.remove(message.messageId)} isLoading={!self}
    />
  );
}

// No guests on this server is nothing that went wrong.
function Refused({ why, again }: { why: SignalError; again: () => void }) {
  if (account.value || why.code !== 'forbidden') return <Problem text={errorText(why)}><Button onClick={again}>{t('again')}</Button></Problem>;
  return <p class="row wrap"><span class="muted">{t('lobby.needsAccount')}</span> <Link to={`/auth?next=${encodeURIComponent(path.value)}`}>{t('auth.signIn')}</Link></p>;
}

// `section` is the class of its two parts; `children` stand at the end of the head.
export interface RoomProps {
  level: 1 | 2;
  section: string;
  children?: ComponentChildren;
}

function Stay({ level, section, children, again }: RoomProps & { again: () => void }) {
  const [lobby] = useState(() => new Lobby());
  useEffect(() => {
    if (!account.value) inLobby.value = true;
    return lobby.open();
  }, []);
  const Heading = `h${level}` as 'h1' | 'h2';
  const why = lobby.refusal.value;
  const cut = connectionState.value.name !== 'connected';
  return (
    <>
      <section class={`lobby-chat ${section}`} aria-label={t('start.lobby')}>
        <header>
          <Heading>{t('start.lobby')}</Heading>
          <div role="status">{cut && !why && <span class="chip"><span class="spinner" />{t('lobby.connecting')}</span>}</div>
          {children}
        </header>
        {why ? <Refused why={why} again={again} /> : <LobbyChat lobby={lobby} />}
      </section>
      {!why && <section class={`online-box ${section}`} aria-label={t('lobby.online')}><Online lobby={lobby} level={level} /></section>}
    </>
  );
}

export function Room(props: RoomProps) {
  const [round, setRound] = useState(0);
  return <Stay key={round} {...props} again={() => setRound(round + 1)} />;
}
