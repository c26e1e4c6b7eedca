// The chat of a room, of the lobby or of a private conversation: history, who types, and a line to write on.
import { Fragment, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { hideSystem } from '../app/settings';
import type { ChatMessage } from '../client';
import { Button, notify } from '../ui/controls';
import { Line, type LineActions } from './chat_line';
import { Write } from './chat_write';
import '../styles/chat.css';

export interface ChatProps extends LineActions {
  messages: ChatMessage[];
  isOwn: (message: ChatMessage) => boolean;
  typing: string[];
  disabled?: string | null;
  send: (text: string) => Promise<boolean>;
  onTyping?: (isTyping: boolean) => void;
  loadEarlier?: () => Promise<boolean>; // missing, or once it was false: there is nothing before
  readTo?: number; // what is behind this number was new when we came
  empty: string;
  isLoading?: boolean; // the history is still to come
  children?: ComponentChildren;
}

const kSettleMs = 1_000; // until a screen reader has taken in what was put into the page

// A new head when another one speaks, or after five minutes.
function isHead(message: ChatMessage, before: ChatMessage | undefined): boolean {
  if (!before || before.kind === 'system' || before.username !== message.username || before.targetId !== message.targetId) return true;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) > 300_000;
}

// Only what is said from now on is read out: not the history, nor what was asked for of it.
function useSettled(isLoading: boolean): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    setSettled(false);
    if (isLoading) return;
    const timer = setTimeout(() => setSettled(true), kSettleMs);
    return () => clearTimeout(timer);
  }, [isLoading]);
  return settled && !isLoading;
}

export function Chat(props: ChatProps) {
  const [editing, setEditing] = useState<ChatMessage | null>(null);
  const [more, setMore] = useState(true);
  const loadEarlier = more && props.loadEarlier;
  const [looking, setLooking] = useState(false); // for earlier lines
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const fromEnd = useRef<number | null>(null); // where we looked when earlier lines were asked for
  const draft = useRef('');
  const wasEditing = useRef(false);
  const live = useSettled(looking || props.isLoading === true);
  const shown = props.messages.filter((message) => !(hideSystem.value && message.kind === 'system'));
  const toEnd = () => {
    const box = log.current; // a last change of size may come when it is gone
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
  };
  useLayoutEffect(toEnd, [shown.length, props.typing.length]);
  useLayoutEffect(() => {
    if (fromEnd.current !== null) log.current!.scrollTop = log.current!.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [shown[0]?.messageId]);
  useEffect(() => {
    // The button that was pressed is gone.
    if (!loadEarlier && !atEnd.current && document.activeElement === document.body) log.current!.focus({ preventScroll: true });
  }, [!loadEarlier]);
  useEffect(() => {
    const watch = new ResizeObserver(toEnd); // a phone was turned, or its keyboard came up
    watch.observe(log.current!);
    return () => watch.disconnect();
  }, []);
  const edit = (message: ChatMessage | null) => {
    wasEditing.current = true; // the keyboard goes on in the line to write on
    setEditing(message);
  };
  const send = (line: string) => {
    atEnd.current = true;
    return props.send(line);
  };
  const save = async (line: string) => {
    const isDone = await props.edit!(editing!, line);
    if (isDone) edit(null);
    return isDone;
  };
  const firstNew = shown.find((message) => (message.seq ?? 0) > (props.readTo ?? Infinity) && !props.isOwn(message));
  const scrolled = () => {
    const box = log.current!;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  };
  const earlier = async () => {
    const box = log.current!;
    atEnd.current = false;
    fromEnd.current = box.scrollHeight - box.scrollTop;
    setLooking(true);
    try {
      setMore(await props.loadEarlier!());
    } catch (error) {
      notify(errorText(error), 'alert');
    }
    setLooking(false);
  };
  return (
    <div class="chat">
      <div class="log" role="log" aria-label={t('chat.messages')} aria-live={live ? 'polite' : 'off'} aria-busy={looking || props.isLoading} tabIndex={0} ref={log} onScroll={scrolled}>
        {loadEarlier && shown.length >= 20 && <Button kind="quiet" class="earlier" busy={looking} onClick={() => void earlier()}>{t('chat.earlier')}</Button>}
        {shown.length === 0 && <p class="muted center">{props.empty}</p>}
        {shown.map((message, index) => (
          <Fragment key={message.messageId}>
            {message === firstNew && <p class="new-line"><span>{t('chat.new')}</span></p>}
            <Line message={message} own={props.isOwn(message)} head={isHead(message, shown[index - 1])} actions={props} onEdit={() => edit(message)} />
          </Fragment>
        ))}
      </div>
      <p class="typing" aria-live="off">{props.typing.length > 0 ? t('chat.typing', { names: props.typing.slice(0, 3).join(', ') }) : ''}</p>
      {props.children}
      {props.disabled ? (
        <p class="muted center">{props.disabled}</p>
      ) : (
        <Write
          key={editing?.messageId ?? ''} initial={editing?.message ?? draft.current} focus={wasEditing.current} send={editing ? save : send} onInput={editing ? undefined : (line) => (draft.current = line)}
          onTyping={editing ? undefined : props.onTyping} cancel={editing ? () => edit(null) : undefined}
        />
      )}
    </div>
  );
}
