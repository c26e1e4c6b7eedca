// The line to write on, or to change one that was said.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { Button } from '../ui/controls';

const kTypingMs = 4_000;

function useTyping(onTyping?: (isTyping: boolean) => void) {
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

interface WriteProps {
  initial: string;
  send: (text: string) => Promise<boolean>;
  onInput?: (text: string) => void;
  onTyping?: (isTyping: boolean) => void;
  cancel?: () => void; // when a line is changed
  focus: boolean;
}

export function Write({ initial, send, onInput, onTyping, cancel, focus }: WriteProps) {
  const [text, setText] = useState(initial);
  const box = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(onTyping);
  useEffect(() => {
    if (!focus) return;
    box.current!.focus({ preventScroll: true });
    box.current!.setSelectionRange(initial.length, initial.length);
  }, []);
  const input = (value: string) => {
    setText(value);
    onInput?.(value);
  };
  const submit = async () => {
    const line = text.trim();
    if (!line) return;
    if (!cancel) input('');
    typing.stop();
    if (!(await send(line)) && !cancel) input(line);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && cancel) cancel();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  };
  return (
    <form class="write" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      {cancel && <p class="changing"><span class="muted">{t('chat.editing')}</span><Button kind="quiet" icon="close" label={t('cancel')} onClick={cancel} /></p>}
      <textarea
        aria-label={t('chat.message')} placeholder={t('chat.placeholder')} rows={1} maxLength={4000} value={text} ref={box}
        onInput={(event) => { input(event.currentTarget.value); typing.start(); }} onKeyDown={key}
      />
      <Button type="submit" kind="primary" icon={cancel ? 'check' : 'send'} label={t(cancel ? 'chat.save' : 'chat.send')} disabled={!text.trim()} />
    </form>
  );
}
