// What opens above the page closes with Escape and with a press beside it, and gives the keyboard back.
import { useLayoutEffect } from 'preact/hooks';

export function useDismiss(box: { current: HTMLElement | null }, isOpen: boolean, close: () => void): void {
  useLayoutEffect(() => { // before anybody can press a key
    if (!isOpen) return;
    const before = document.activeElement as HTMLElement | null;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    addEventListener('pointerdown', outside, true);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('pointerdown', outside, true);
      removeEventListener('keydown', escape);
      const focused = document.activeElement;
      if (focused === document.body || box.current?.contains(focused)) before?.focus();
    };
  }, [isOpen]);
}
