// Fields, switches, dialogs, notices: the few controls that every page is made of.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { t } from '../app/i18n';
import { Icon, type IconName } from './icon';

type Change = (value: string) => void;

export function Field(props: {
  label: string; value: string; onInput: Change; type?: string; hint?: string; error?: string; placeholder?: string; required?: boolean;
  autocomplete?: string; maxLength?: number; rows?: number; min?: string; autoFocus?: boolean; inputRef?: { current: HTMLInputElement | null };
}) {
  const id = useId();
  const described = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const shared = {
    id, value: props.value, placeholder: props.placeholder, required: props.required, maxLength: props.maxLength, 'aria-describedby': described,
    'aria-invalid': props.error ? ('true' as const) : undefined,
    onInput: (event: Event) => props.onInput((event.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.rows ? (
        <textarea {...shared} rows={props.rows} />
      ) : (
        <input {...shared} ref={props.inputRef} type={(props.type ?? 'text') as never} autocomplete={(props.autocomplete ?? 'off') as never} min={props.min} autofocus={props.autoFocus} />
      )}
      {props.hint && <p class="hint" id={`${id}-hint`}>{props.hint}</p>}
      {props.error && <p class="wrong" id={`${id}-error`}>{props.error}</p>}
    </div>
  );
}

export function Choice(props: { label: string; value: string; options: { value: string; label: string }[]; onChange: Change; disabled?: boolean }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} disabled={props.disabled} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.options.map((option) => <option key={option.value} value={option.value} selected={option.value === props.value}>{option.label}</option>)}
      </select>
    </div>
  );
}

export function Switch(props: { label: string; on: boolean; onChange: (on: boolean) => void; hint?: string; disabled?: boolean; icon?: IconName }) {
  const id = useId();
  return (
    <div class="switch-row">
      {props.icon && <Icon name={props.icon} />}
      <span class="switch-text">
        <span id={`${id}-label`}>{props.label}</span>
        {props.hint && <span class="hint" id={`${id}-hint`}>{props.hint}</span>}
      </span>
      <button
        type="button" role="switch" class="switch" aria-checked={props.on} disabled={props.disabled}
        aria-labelledby={`${id}-label`} aria-describedby={props.hint ? `${id}-hint` : undefined} onClick={() => props.onChange(!props.on)}
      />
    </div>
  );
}

// While it is busy it takes no press, and keeps the keyboard: a disabled one would lose it.
export function Button(props: {
  children?: ComponentChildren; icon?: IconName; kind?: 'primary' | 'plain' | 'danger' | 'quiet'; label?: string; onClick?: () => void;
  type?: 'button' | 'submit'; disabled?: boolean; busy?: boolean; class?: string; pressed?: boolean; expanded?: boolean;
}) {
  const press = (event: Event) => {
    if (props.busy) event.preventDefault();
    else props.onClick?.();
  };
  return (
    <button
      type={props.type ?? 'button'} class={`button ${props.kind ?? 'plain'} ${props.class ?? ''}`} aria-label={props.label} title={props.label}
      aria-pressed={props.pressed} aria-expanded={props.expanded} aria-busy={props.busy || undefined} aria-disabled={props.busy || undefined} disabled={props.disabled} onClick={press}
    >
      {props.icon && <Icon name={props.icon} size={20} />}
      {props.children}
    </button>
  );
}

const dialogs = signal<string[]>([]); // that are open, the topmost last

// A modal dialog; Escape and a click beside it close it, the focus returns to where it was.
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren; role?: 'dialog' | 'alertdialog'; class?: string }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    dialogs.value = [...dialogs.value, id];
    return () => {
      dialogs.value = dialogs.value.filter((one) => one !== id);
      before?.focus?.();
    };
  }, []);
  const outside = (event: MouseEvent) => {
    if (event.target === ref.current && props.role !== 'alertdialog') props.onClose();
  };
  return (
    <dialog
      ref={ref} role={props.role ?? 'dialog'} class={`dialog ${props.class ?? ''}`} aria-labelledby={id} onClick={outside}
      onCancel={(event) => { event.preventDefault(); props.onClose(); }}
    >
      <div class="dialog-box">
        <header>
          <h2 id={id}>{props.title}</h2>
          {props.role !== 'alertdialog' && <Button kind="quiet" icon="close" label={t('close')} onClick={props.onClose} />}
        </header>
        {props.children}
      </div>
      <Notices within={id} />
    </dialog>
  );
}

export interface Notice {
  id: number;
  text: string;
  kind: 'status' | 'alert';
  action?: { label: string; run: () => void };
}

const notices = signal<Notice[]>([]);
let lastNotice = 0;

export function notify(text: string, kind: Notice['kind'] = 'status', action?: Notice['action']): number {
  const id = ++lastNotice;
  notices.value = [...notices.value.filter((notice) => notice.text !== text).slice(-3), { id, text, kind, action }];
  setTimeout(() => dismiss(id), action ? 20_000 : kind === 'alert' ? 9_000 : 5_000);
  return id;
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

// The regions are always there, so that a screen reader hears what is put into them. What is outside of an open dialog is
// neither seen nor heard: the topmost shows them.
export function Notices({ within }: { within?: string }) {
  const shown = dialogs.value[dialogs.value.length - 1] === within ? notices.value : [];
  const list = (kind: Notice['kind']) => shown.filter((notice) => notice.kind === kind).map((notice) => (
    <div key={notice.id} class={`notice ${kind}`}>
      <span>{notice.text}</span>
      {notice.action && <Button kind="primary" onClick={() => { notice.action!.run(); dismiss(notice.id); }}>{notice.action.label}</Button>}
      <Button kind="quiet" icon="close" label={t('dismiss')} onClick={() => dismiss(notice.id)} />
    </div>
  ));
  return (
    <div class="notices">
      <div role="status">{list('status')}</div>
      <div role="alert">{list('alert')}</div>
    </div>
  );
}

export function Problem({ text, children }: { text: string | null; children?: ComponentChildren }) {
  return <div role="alert">{text && <p class="problem"><Icon name="warning" /><span>{text}</span>{children}</p>}</div>;
}

export function Avatar({ name, size = 'medium' }: { name: string; size?: 'small' | 'medium' | 'large' }) {
  const words = name.trim().split(/\s+/);
  const initials = ((words[0]?.[0] ?? '?') + (words.length > 1 ? words[words.length - 1]![0]! : '')).toUpperCase();
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 7);
  return <span class={`avatar ${size} hue${hue}`} aria-hidden="true" data-initials={initials} />;
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission, or without https: the old way.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  notify(t('copied'));
}
