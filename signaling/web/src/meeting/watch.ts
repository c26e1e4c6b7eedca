// Being told: of signals, and of a change of network.
import { effect, untracked } from '@preact/signals';

// An effect that depends on what it reads, not on what its action looks at.
export function watch<T>(read: () => T, act: (value: T) => void): () => void {
  return effect(() => {
    const value = read();
    untracked(() => act(value));
  });
}

// Wi-Fi to mobile: `change` also fires for every new estimate of the speed, which is no reason for anything.
function watchType(changed: () => void): () => void {
  const { connection } = navigator as { connection?: EventTarget & { type?: string } };
  if (!connection) return () => {};
  let before = connection.type;
  const listener = () => {
    if (connection.type !== before) changed();
    before = connection.type;
  };
  connection.addEventListener('change', listener);
  return () => connection.removeEventListener('change', listener);
}

export function watchNetwork(changed: () => void): () => void {
  const stop = watchType(changed);
  addEventListener('online', changed);
  return () => {
    removeEventListener('online', changed);
    stop();
  };
}
