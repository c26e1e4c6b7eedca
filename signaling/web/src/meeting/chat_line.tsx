// A line of a chat, and what can be done with it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, when } from '../app/i18n';
import type { ChatMessage } from '../client';
import { Avatar, Button } from '../ui/controls';
import { useDismiss } from '../ui/dismiss';
import { Emojis } from '../ui/emojis';
import { linked } from '../ui/linked';

export interface LineActions {
  edit?: (message: ChatMessage, text: string) => Promise<boolean>;
  remove?: (message: ChatMessage) => void;
  react?: (message: ChatMessage, kind: string) => void; // or takes it back
  privateTo?: (message: ChatMessage) => string | null;
}

interface LineProps {
  message: ChatMessage;
  own: boolean;
  head: boolean;
  actions: LineActions;
  onEdit: () => void;
}

// In the flow, beneath the line: what opens above it would be cut off by the edge of the log.
function Tools({ message, own, actions, onEdit, close }: Omit<LineProps, 'head'> & { close: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current!.querySelector('button')!.focus({ preventScroll: true });
    box.current!.scrollIntoView({ block: 'nearest' });
  }, []);
  const then = (work: () => void) => () => {
    close();
    work();
  };
  return (
    <div class="line-tools" role="group" aria-label={t('chat.tools')} ref={box}>
      {actions.react && <Emojis choose={(kind) => { close(); actions.react!(message, kind); }} />}
      {own && actions.edit && <Button kind="quiet" icon="edit" label={t('chat.edit')} onClick={then(onEdit)} />}
      {own && actions.remove && <Button kind="quiet" icon="trash" label={t('chat.delete')} onClick={then(() => actions.remove!(message))} />}
    </div>
  );
}

function Reactions({ message, react }: { message: ChatMessage; react: LineActions['react'] }) {
  if (!react || !message.reactions?.length) return null; // what nobody can press is not shown
  return (
    <div class="reactions">
      {message.reactions.map(({ kind, count, mine }) => (
        <button key={kind} type="button" class="reaction" aria-pressed={mine} aria-label={t('chat.reaction', { kind, n: count })} onClick={() => react(message, kind)}>{kind} {count}</button>
      ))}
    </div>
  );
}

export function Line({ message, own, head, actions, onEdit }: LineProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useDismiss(box, open, () => setOpen(false));
  if (message.kind === 'system') return <p class="system-line">{message.message}</p>;
  if (message.deletedAt && !message.username) return <p class="system-line">{t('chat.deleted')}</p>; // a history does not say whose it was
  const to = actions.privateTo?.(message);
  const isKept = !message.deletedAt && message.seq !== undefined;
  const hasTools = isKept && (actions.react || (own && (actions.edit || actions.remove)));
  return (
    <div class={`message ${own ? 'own' : ''} ${head ? 'head' : ''}`} ref={box}>
      {head && !own && <Avatar name={message.username} size="small" />}
      <div class="said">
        <div class="bubble-row">
          <div class="bubble">
            {head && <p class="meta"><strong>{own ? t('you') : message.username}</strong> <time dateTime={message.timestamp}>{when(message.timestamp)}</time></p>}
            {to && <p class="private">{to}</p>}
            {message.deletedAt ? <p class="muted">{t('chat.deleted')}</p> : <p class="text">{linked(message.message)}{message.editedAt && <small class="muted"> {t('chat.edited')}</small>}</p>}
          </div>
          {hasTools && <Button kind="quiet" class="message-tool" icon="more" label={t('chat.tools')} expanded={open} onClick={() => setOpen(!open)} />}
        </div>
        <Reactions message={message} react={actions.react} />
        {open && <Tools message={message} own={own} actions={actions} onEdit={onEdit} close={() => setOpen(false)} />}
      </div>
    </div>
  );
}
