// The lobby and one's private conversations, with what was said last and how much of it is unread.
import { useState } from 'preact/hooks';
import { count, errorText, t, when } from '../app/i18n';
import { Link } from '../app/router';
import type { Person } from '../lobby/store';
import { Avatar, Button, notify, Problem } from '../ui/controls';
import { Icon } from '../ui/icon';
import { unread, type Entry } from './entries';
import { FindDialog } from './find';
import { others, summaryOf, titleOf } from './names';
import type { Chats } from './store';

function One({ entry, isOpen, people }: { entry: Entry; isOpen: boolean; people: Person[] }) {
  const title = titleOf(entry);
  const fresh = unread(entry);
  const other = entry.kind === 'direct' ? String(others(entry)[0]?.id) : '';
  const state = people.find(({ userId }) => userId === other)?.state;
  return (
    <li>
      <Link to={`/chat/${entry.id}`} class="chat-entry" current={isOpen}>
        <span class={state ? `presence ${state}` : ''}>{entry.kind === 'group' ? <span class="avatar small"><Icon name="people" size={20} /></span> : <Avatar name={title} size="small" />}</span>
        <span class="chat-entry-text">
          <span class="row between"><strong class="ellipsis">{title}</strong>{entry.lastLine?.timestamp && <small class="muted nowrap">{when(entry.lastLine.timestamp)}</small>}</span>
          <span class="row between">
            <small class="muted ellipsis">{summaryOf(entry.lastLine, entry.kind)}</small>
            {fresh > 0 && <span class="unread"><span aria-hidden="true">{fresh > 99 ? '99+' : fresh}</span><span class="sr">{count('chats.unread', fresh)}</span></span>}
          </span>
        </span>
      </Link>
    </li>
  );
}

function Entries({ chats, open, people }: { chats: Chats; open: string; people: Person[] }) {
  const entries = chats.entries.value;
  const problem = chats.problem.value;
  if (problem) return <Problem text={errorText(problem)}><Button onClick={() => void chats.refresh()}>{t('again')}</Button></Problem>;
  const more = () => void chats.more().catch((error) => notify(errorText(error), 'alert'));
  return (
    <>
      <ul class="chat-entries" aria-label={t('chats.title')}>
        <li>
          <Link to="/chat" class="chat-entry" current={open === ''}>
            <span class="avatar small hue1"><Icon name="chat" size={20} /></span>
            <span class="chat-entry-text"><strong>{t('start.lobby')}</strong><small class="muted ellipsis">{t('chats.lobbyHint')}</small></span>
          </Link>
        </li>
        {entries?.slice(0, chats.most.value).map((entry) => <One key={entry.id} entry={entry} isOpen={entry.id === open} people={people} />)}
      </ul>
      {entries === null && <p class="muted" role="status"><span class="spinner" /> {t('loading')}</p>}
      {entries?.length === 0 && <p class="muted chat-none">{t('chats.none')}</p>}
      {entries && (entries.length > chats.most.value || !chats.isWhole.value) && <Button onClick={more}>{t('more')}</Button>}
    </>
  );
}

// `open` is the id of what is shown beside it, empty for the lobby, `all` when that is the list alone.
export function ChatList({ chats, open, people }: { chats: Chats; open: string; people: Person[] }) {
  const [finding, setFinding] = useState(false);
  const Heading = open === 'all' ? 'h1' : 'h2';
  return (
    <section class="chat-list card" aria-label={t('chats.title')}>
      <header class="row between">
        <Heading>{t('chats.title')}</Heading>
        <Button icon="plus" kind="quiet" label={t('chats.begin')} onClick={() => setFinding(true)} />
      </header>
      <Entries chats={chats} open={open} people={people} />
      {finding && <FindDialog chats={chats} onClose={() => setFinding(false)} />}
    </section>
  );
}

// The way back to the list, where it has no room beside the conversation.
export function BackToList({ chats, open }: { chats: Chats; open: string }) {
  const fresh = (chats.entries.value ?? []).reduce((sum, entry) => (entry.id === open ? sum : sum + unread(entry)), 0);
  return (
    <Link to="/chat/all" class="button quiet back-to-list">
      <Icon name="back" size={20} /><span class="sr">{t('chats.title')}</span>
      {fresh > 0 && <span class="unread"><span aria-hidden="true">{fresh > 99 ? '99+' : fresh}</span><span class="sr">{count('chats.unread', fresh)}</span></span>}
    </Link>
  );
}
