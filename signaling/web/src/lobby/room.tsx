// The lobby itself: everybody's chat, who is online, and calling one of them. On a page of its own and on the start.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText, t, type Key } from '../app/i18n';
import { Link, navigate, path } from '../app/router';
import { account } from '../app/session';
import { inLobby, name as ownName } from '../app/settings';
import { calls } from '../calls/store';
import { openDirect } from '../chats/api';
import type { SignalError } from '../client';
import { Chat } from '../meeting/chat';
import { Connecting } from '../ui/connecting';
import { Avatar, Button, Problem } from '../ui/controls';
import { told } from '../ui/told';
import { Lobby, type Person } from './store';
import '../styles/lobby.css';

// Accounts alone have numbers, and private conversations.
const isAccount = (userId: string) => /^\d+$/.test(userId);

async function writeTo(userId: string): Promise<void> {
  await told(openDirect(userId).then(({ id }) => navigate(`/chat/${id}`)));
}

function Somebody({ person: { userId, name, state } }: { person: Person }) {
  return (
    <li>
      <span class={`presence ${state}`}><Avatar name={name} size="small" /></span>
      <span class="person-name"><span class="ellipsis">{name}</span><small class="muted">{t(`presence.${state}` as Key)}</small></span>
      {account.value && isAccount(userId) && <Button icon="chat" kind="quiet" label={t('chats.writeTo', { name })} onClick={() => void writeTo(userId)} />}
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
  const talk = lobby.talk.value;
  if (!talk) return null;
  return (
    <Chat
      messages={talk.messages.value} isOwn={(message) => message.userId != null && message.userId === self?.id} typing={talk.typing.value}
      empty={self ? t('lobby.empty') : ''} send={(text) => talk.send(text)} onTyping={(typing) => talk.type(typing)} loadEarlier={talk.isWhole.value ? undefined : () => talk.loadEarlier()}
      edit={(message, text) => talk.edit(message, text)} remove={(message) => void talk.remove(message)} react={(message, kind) => void talk.react(message, kind)} isLoading={!self}
    />
  );
}

// No guests on this server is nothing that went wrong.
function Refused({ why, again }: { why: SignalError; again: () => void }) {
  if (account.value || why.code !== 'forbidden') return <Problem text={errorText(why)}><Button onClick={again}>{t('again')}</Button></Problem>;
  return <p class="row wrap"><span class="muted">{t('lobby.needsAccount')}</span> <Link to={`/auth?next=${encodeURIComponent(path.value)}`}>{t('auth.signIn')}</Link></p>;
}

// `section` is the class of its two parts; `lead` stands at the beginning of the head, `children` at its end.
export interface RoomProps {
  level: 1 | 2;
  section: string;
  lead?: ComponentChildren;
  children?: ComponentChildren;
}

// As long as it is shown.
export function useLobby(): Lobby {
  const [lobby] = useState(() => new Lobby());
  useEffect(() => {
    if (!account.value) inLobby.value = true;
    return lobby.open();
  }, []);
  return lobby;
}

export function RoomOf({ lobby, level, section, lead, children, again }: RoomProps & { lobby: Lobby; again: () => void }) {
  const Heading = `h${level}` as 'h1' | 'h2';
  const why = lobby.refusal.value;
  return (
    <>
      <section class={`lobby-chat ${section}`} aria-label={t('start.lobby')}>
        <header>
          {lead}
          <Heading>{t('start.lobby')}</Heading>
          <Connecting hidden={why !== null} />
          {children}
        </header>
        {why ? <Refused why={why} again={again} /> : <LobbyChat lobby={lobby} />}
      </section>
      {!why && <section class={`online-box ${section}`} aria-label={t('lobby.online')}><Online lobby={lobby} level={level} /></section>}
    </>
  );
}

function Stay(props: RoomProps & { again: () => void }) {
  return <RoomOf lobby={useLobby()} {...props} />;
}

export function Room(props: RoomProps) {
  const [round, setRound] = useState(0);
  return <Stay key={round} {...props} again={() => setRound(round + 1)} />;
}
