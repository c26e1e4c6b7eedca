// The chat of a room or of the lobby: history, who types, and a line to write on.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { errorText, t, time } from '../app/i18n';
import { hideSystem } from '../app/settings';
import type { ChatMessage } from '../client';
import { Avatar, Button, notify } from '../ui/controls';
import { linked } from '../ui/linked';
import '../styles/chat.css';

export interface ChatProps {
  messages: ChatMessage[];
  isOwn: (message: ChatMessage) => boolean;
  typing: string[];
  disabled?: string | null;
  send: (text: string) => Promise<boolean>;
  onTyping?: (isTyping: boolean) => void;
  loadEarlier?: () => Promise<boolean>;
  remove?: (message: ChatMessage) => void;
  privateTo?: (message: ChatMessage) => string | null;
  empty: string;
  isLoading?: boolean; // the history is still to come
  children?: ComponentChildren;
}

const kTypingMs = 4_000;
const kSettleMs = 1_000; // until a screen reader has taken in what was put into the page

function Line({ message, own, head, props }: { message: ChatMessage; own: boolean; head: boolean; props: ChatProps }) {
  if (message.kind === 'system') return <p class="system-line">{message.message}</p>;
  const to = props.privateTo?.(message);
  return (
    <div class={`message ${own ? 'own' : ''} ${head ? 'head' : ''}`}>
      {head && !own && <Avatar name={message.username} size="small" />}
      <div class="bubble">
        {head && <p class="meta"><strong>{own ? t('you') : message.username}</strong> <time dateTime={message.timestamp}>{time(message.timestamp)}</time></p>}
        {to && <p class="private">{to}</p>}
        {message.deletedAt ? <p class="muted">{t('chat.deleted')}</p> : <p class="text">{linked(message.message)}{message.editedAt && <small class="muted"> {t('chat.edited')}</small>}</p>}
      </div>
      {own && !message.deletedAt && props.remove && <Button kind="quiet" class="message-tool" icon="trash" label={t('chat.delete')} onClick={() => props.remove!(message)} />}
    </div>
  );
}

// A new head when another one speaks, or after five minutes.
function isHead(message: ChatMessage, before: ChatMessage | undefined): boolean {
  if (!before || before.kind === 'system' || before.username !== message.username || before.targetId !== message.targetId) return true;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) > 300_000;
}

function useTyping(onTyping: ChatProps['onTyping']) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const stop = () => {
    if (timer.current) {
      clearTimeout(timer.current);
      onTyping?.(false);
    }
    timer.current = null;
  };
  const start = () => {
    if (timer.current) clearTimeout(timer.current);
    else onTyping?.(true);
    timer.current = setTimeout(stop, kTypingMs);
  };
  useEffect(() => stop, []);
  return { start, stop };
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
  const [text, setText] = useState('');
  const [more, setMore] = useState(true);
  const [looking, setLooking] = useState(false); // for earlier lines
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const fromEnd = useRef<number | null>(null); // where we looked when earlier lines were asked for
  const typing = useTyping(props.onTyping);
  const live = useSettled(looking || props.isLoading === true);
  const shown = props.messages.filter((message) => !(hideSystem.value && message.kind === 'system'));
  const toEnd = () => {
    if (atEnd.current && log.current) log.current.scrollTop = log.current.scrollHeight;
  };
  useLayoutEffect(toEnd, [shown.length, props.typing.length]);
  useLayoutEffect(() => {
    if (fromEnd.current !== null && log.current) log.current.scrollTop = log.current.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [shown[0]?.messageId]);
  useEffect(() => {
    // The button that was pressed is gone.
    if (!more && document.activeElement === document.body) log.current?.focus({ preventScroll: true });
  }, [more]);
  useEffect(() => {
    const watch = new ResizeObserver(toEnd); // a phone was turned, or its keyboard came up
    watch.observe(log.current!);
    return () => watch.disconnect();
  }, []);
  const send = async () => {
    const line = text.trim();
    if (!line) return;
    setText('');
    typing.stop();
    atEnd.current = true;
    if (!(await props.send(line))) setText(line);
  };
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
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div class="chat">
      <div class="log" role="log" aria-label={t('chat.messages')} aria-live={live ? 'polite' : 'off'} aria-busy={looking || props.isLoading} tabIndex={0} ref={log} onScroll={scrolled}>
        {props.loadEarlier && more && shown.length >= 20 && <Button kind="quiet" class="earlier" busy={looking} onClick={() => void earlier()}>{t('chat.earlier')}</Button>}
        {shown.length === 0 && <p class="muted center">{props.empty}</p>}
        {shown.map((message, index) => <Line key={message.messageId} message={message} own={props.isOwn(message)} head={isHead(message, shown[index - 1])} props={props} />)}
      </div>
      <p class="typing" aria-live="off">{props.typing.length > 0 ? t('chat.typing', { names: props.typing.slice(0, 3).join(', ') }) : ''}</p>
      {props.children}
      {props.disabled ? (
        <p class="muted center">{props.disabled}</p>
      ) : (
        <form class="write" onSubmit={(event) => { event.preventDefault(); void send(); }}>
          <textarea
            aria-label={t('chat.message')} placeholder={t('chat.placeholder')} rows={1} maxLength={4000} value={text}
            onInput={(event) => { setText(event.currentTarget.value); typing.start(); }} onKeyDown={key}
          />
          <Button type="submit" kind="primary" icon="send" label={t('chat.send')} disabled={!text.trim()} />
        </form>
      )}
    </div>
  );
}
