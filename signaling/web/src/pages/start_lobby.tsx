// The lobby on the start. Accounts are in it; a guest enters by a click, because everybody there sees their name.
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { account, disconnect } from '../app/session';
import { inLobby, name as ownName } from '../app/settings';
import type { RoomProps } from '../lobby/room';
import { Button, Problem } from '../ui/controls';

export function isInside(): boolean {
  return account.value !== null || (inLobby.value && ownName.value !== '');
}

function leave(): void {
  inLobby.value = false;
  disconnect();
}

function Inside() {
  const [Loaded, setLoaded] = useState<ComponentType<RoomProps> | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => void import('../lobby/room').then((module) => setLoaded(() => module.Room), () => setBroken(true)), []);
  if (broken) return <Problem text={t('error.page')} />;
  if (!Loaded) return null;
  return (
    // Under another name it is another stay.
    <Loaded key={account.value?.id ?? ownName.value} level={2} section="">
      {!account.value && <Button kind="quiet" icon="close" label={t('lobby.leave')} onClick={leave} />}
    </Loaded>
  );
}

function Door({ enter }: { enter: () => void }) {
  return (
    <>
      <h2>{t('start.lobby')}</h2>
      <p class="muted">{t('start.lobbyText')}</p>
      <Button icon="chat" onClick={enter}>{t('start.enterLobby')}</Button>
    </>
  );
}

// `isNamed` asks for a name where there is none.
export function StartLobby({ isNamed }: { isNamed: () => boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const entered = useRef(isInside());
  const inside = isInside();
  useEffect(() => {
    // The button that was pressed is gone: the keyboard goes on where it led.
    if (entered.current !== inside && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
    entered.current = inside;
  }, [inside]);
  const enter = () => {
    if (isNamed()) inLobby.value = true;
  };
  return (
    <div class={inside ? 'card start-lobby' : 'card start-door'} role="group" aria-label={t('start.lobby')} tabIndex={-1} ref={box}>
      {inside ? <Inside /> : <Door enter={enter} />}
    </div>
  );
}
