// Single keys in a call: never while something is typed, and off when the person wants them off.
import { useEffect } from 'preact/hooks';
import { shortcuts } from '../app/settings';

export type Keys = Record<string, () => void>;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useShortcuts(keys: Keys, talk: (on: boolean) => void): void {
  useEffect(() => {
    let talking = false;
    const blocked = (event: KeyboardEvent) =>
      !shortcuts.value || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]') !== null;
    const down = (event: KeyboardEvent) => {
      if (blocked(event)) return;
      // Space on a button presses it.
      if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) {
        event.preventDefault();
        if (!event.repeat) talk((talking = true));
        return;
      }
      const action = event.repeat ? undefined : keys[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ' && talking) talk((talking = false));
    };
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    return () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
    };
  });
}
