// What this browser remembers: the name, the looks, the devices. No secrets.
import { effect, signal, type Signal } from '@preact/signals';

function remembered<T>(key: string, initial: T): Signal<T> {
  let start = initial;
  try {
    const stored = localStorage.getItem(`signald.${key}`);
    if (stored !== null) start = JSON.parse(stored) as T;
  } catch {
    // No storage, or not ours: it works without.
  }
  const value = signal<T>(start);
  effect(() => {
    try {
      localStorage.setItem(`signald.${key}`, JSON.stringify(value.value));
    } catch {
      // Private windows may refuse.
    }
  });
  return value;
}

export interface Device {
  id: string;
  label: string; // ids change when a site's data is cleared; the label stays
}

export const name = remembered('name', '');
export const inLobby = remembered('inLobby', false); // a guest who entered is seen there, until they leave
export const theme = remembered<'system' | 'light' | 'dark' | 'contrast'>('theme', 'system');
export const chosenLanguage = remembered('language', '');
export const shortcuts = remembered('shortcuts', true);
export const sounds = remembered('sounds', true);
export const relayOnly = remembered('relayOnly', false);
export const mirror = remembered('mirror', true);
export const hideSystem = remembered('hideSystem', false);
export const microphone = remembered<Device | null>('microphone', null);
export const camera = remembered<Device | null>('camera', null);
export const speaker = remembered<Device | null>('speaker', null);
export const startMuted = remembered('startMuted', false);
export const startDark = remembered('startWithoutCamera', false);

effect(() => {
  const root = document.documentElement;
  if (theme.value === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme.value;
});
