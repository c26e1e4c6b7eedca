// A private conversation that is open.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { count, errorText, t } from '../app/i18n';
import { navigate } from '../app/router';
import { account } from '../app/session';
import type { SignalError } from '../client';
import { calls } from '../calls/store';
import { Chat } from '../meeting/chat';
import { Connecting } from '../ui/connecting';
import { Button, Problem } from '../ui/controls';
import { unread, type Entry } from './entries';
import { others, titleOf } from './names';
import type { Chats } from './store';

function Leave({ chats, entry }: { chats: Chats; entry: Entry }) {
  const [sure, setSure] = useState(false);
  const leave = async () => {
    if (await chats.leave(entry.id)) navigate('/chat', true);
  };
  if (sure) return <Button kind="danger" onClick={() => void leave()}>{t('chats.leaveSure')}</Button>;
  return <Button kind="quiet" icon="leave" label={t('chats.leave')} onClick={() => setSure(true)} />;
}

function Head({ chats, entry, lead }: { chats: Chats; entry: Entry; lead: ComponentChildren }) {
  const [other] = others(entry);
  return (
    <header>
      {lead}
      <div class="chat-title">
        <h1 class="ellipsis">{titleOf(entry)}</h1>
        {entry.kind === 'group' && <p class="muted ellipsis">{count('chats.count', entry.members.length)}: {entry.members.map(({ name }) => name).join(', ')}</p>}
      </div>
      <Connecting />
      {entry.kind === 'direct' && other?.id && <Button icon="phone" kind="quiet" label={t('lobby.call', { name: other.name })} onClick={() => void calls.invite(String(other.id), other.name)} />}
      {entry.kind === 'group' && <Leave chats={chats} entry={entry} />}
    </header>
  );
}

function Lines({ chats, entry }: { chats: Chats; entry: Entry }) {
  const talk = chats.talk.value;
  const [readTo] = useState(unread(entry) > 0 ? entry.lastReadSeq : undefined);
  if (talk?.id !== entry.id) return null;
  const self = String(account.value?.id);
  return (
    <Chat
      messages={talk.messages.value} isOwn={(message) => message.userId === self} typing={talk.typing.value} readTo={readTo} isLoading={!talk.isLoaded.value}
      empty={talk.isLoaded.value ? t('chat.empty') : ''} send={(text) => talk.send(text)} onTyping={(typing) => talk.type(typing)} loadEarlier={talk.isWhole.value ? undefined : () => talk.loadEarlier()}
      edit={(message, text) => talk.edit(message, text)} remove={(message) => void talk.remove(message)} react={(message, kind) => void talk.react(message, kind)}
    />
  );
}

// `refusal` is why there is no connection any more, and `again` makes another one.
export function TalkView({ chats, id, lead, refusal, again }: { chats: Chats; id: string; lead: ComponentChildren; refusal: SignalError | null; again: () => void }) {
  const [round, setRound] = useState(0);
  const box = useRef<HTMLElement>(null);
  const isListed = chats.entries.value !== null;
  const entry = chats.find(id);
  useEffect(() => {
    if (!isListed) return;
    return chats.show(id);
  }, [id, isListed, round]);
  useEffect(() => {
    // The keyboard goes on in what was opened, unless the page itself was.
    if (document.activeElement !== document.body) box.current?.focus({ preventScroll: true });
  }, [id]);
  const why = refusal ?? chats.failure.value;
  const failed = why && (
    <Problem text={why.code === 'not_found' ? t('chats.noSuch') : errorText(why)}><Button onClick={refusal ? again : () => setRound(round + 1)}>{t('again')}</Button></Problem>
  );
  return (
    <section class="lobby-chat card talk" aria-label={entry ? titleOf(entry) : t('chats.one')} tabIndex={-1} ref={box}>
      {entry ? <Head key={id} chats={chats} entry={entry} lead={lead} /> : <header>{lead}<h1>{t('chats.one')}</h1></header>}
      {failed}
      {!failed && !entry && !chats.problem.value && <p class="muted" role="status"><span class="spinner" /> {t('loading')}</p>}
      {!failed && entry && <Lines key={id} chats={chats} entry={entry} />}
    </section>
  );
}
