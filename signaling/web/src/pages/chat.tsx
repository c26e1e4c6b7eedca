// The lobby and, for an account, its private conversations. A visitor without a name is asked for one first.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { Link } from '../app/router';
import { account, rename } from '../app/session';
import { name as ownName } from '../app/settings';
import { BackToList, ChatList } from '../chats/list';
import { Chats } from '../chats/store';
import { TalkView } from '../chats/view';
import { Room, RoomOf, useLobby } from '../lobby/room';
import { Button, Field } from '../ui/controls';
import '../styles/chats.css';
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

function Private({ params: [id = ''], again }: { params: string[]; again: () => void }) {
  const lobby = useLobby();
  const [chats] = useState(() => new Chats());
  useEffect(() => chats.open(), []);
  const open = /^\d+$/.test(id) || id === 'all' ? id : ''; // whatever else is said, it is the lobby
  const lead = <BackToList chats={chats} open={open} />;
  return (
    <main class={`lobby chats ${open === 'all' ? 'list-alone' : open ? 'with-talk' : ''}`}>
      <ChatList chats={chats} open={open} people={lobby.people.value} />
      {open === '' && <RoomOf lobby={lobby} level={1} section="card" lead={lead} again={again} />}
      {open === 'all' && <p class="card muted center chat-choose">{t('chats.choose')}</p>}
      {open !== '' && open !== 'all' && <TalkView chats={chats} id={open} lead={lead} refusal={lobby.refusal.value} again={again} />}
    </main>
  );
}

function Public() {
  const [named, setNamed] = useState(ownName.value !== '');
  if (!named) return <Name done={() => setNamed(true)} />;
  return <main class="lobby"><Room level={1} section="card"><Link to="/auth?next=/chat" class="nowrap">{t('chats.needsAccount')}</Link></Room></main>;
}

export default function ChatPage({ params }: { params: string[] }) {
  const [round, setRound] = useState(0);
  return account.value ? <Private key={round} params={params} again={() => setRound(round + 1)} /> : <Public />;
}
