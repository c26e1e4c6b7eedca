// The call: stage, bar, panels, and an honest line when the way to the server is cut.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { connectionState, currentUser } from '../app/session';
import type { ChatMessage } from '../client';
import { Button, Choice, copy, notify } from '../ui/controls';
import { Icon } from '../ui/icon';
import { QrButton } from '../ui/qr_button';
import { SettingsDialog } from '../ui/settings_form';
import { told } from '../ui/told';
import { Bar, switchLayout, type BarButton } from './bar';
import { Chat } from './chat';
import { Details } from './details';
import { DeviceTrouble } from './devices';
import { inviteLink, People, prettyCode } from './people';
import { Recording } from './recording';
import { ShortcutSheet } from './shortcut_sheet';
import { useShortcuts } from './shortcuts';
import { Stage } from './stage';
import type { Meeting } from './store';

function ConnectionLine() {
  const state = connectionState.value;
  const [now, setNow] = useState(performance.now());
  const cut = state.name === 'reconnecting' || state.name === 'connecting';
  useEffect(() => {
    if (!cut) return;
    const timer = setInterval(() => setNow(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [cut]);
  const seconds = state.name === 'reconnecting' ? Math.max(0, Math.round((now - state.since) / 1000)) : 0;
  return <div role="status" class="connection-status">{cut && <p class="connection-line"><span class="spinner" />{t('call.reconnecting', { n: seconds })}</p>}</div>;
}

function Clock({ since }: { since: string | null }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (!since) return null;
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return <span class="clock" aria-hidden="true">{hours > 0 ? `${hours}:` : ''}{two(Math.floor(seconds / 60) % 60)}:{two(seconds % 60)}</span>;
}

// Whom the next line is for. Somebody who left stays chosen: what was meant for one must not go to all.
function Recipient({ meeting }: { meeting: Meeting }) {
  const { peers } = meeting.state.value!;
  const chosen = meeting.whisperTo.value;
  if (peers.length < 2 && !chosen) return null;
  const gone = chosen && !peers.some((peer) => peer.peerId === chosen.peerId);
  const options = [
    { value: '', label: t('chat.everybody') },
    ...peers.map(({ peerId, name }) => ({ value: peerId, label: t('chat.private', { name }) })),
    ...(gone ? [{ value: chosen.peerId, label: t('chat.gone', { name: chosen.name }) }] : []),
  ];
  return <div class={`recipient ${chosen ? 'whispering' : ''}`}><Choice label={t('chat.to')} value={chosen?.peerId ?? ''} options={options} onChange={(peerId) => meeting.whisper(peerId || null)} /></div>;
}

function RoomChat({ meeting }: { meeting: Meeting }) {
  const state = meeting.state.value!;
  const recipient = (peerId: string) => (peerId === state.selfId ? t('chat.privateYou') : t('chat.private', { name: meeting.nameOf(peerId) }));
  const isOwn = (message: ChatMessage) => message.fromId === state.selfId || (message.userId != null && message.userId === currentUser()?.id);
  const closed = state.room.settings?.enableChat === false && !meeting.isHost;
  return (
    <Chat
      messages={state.chat} isOwn={isOwn} typing={state.typing.map((id) => meeting.nameOf(id))} empty={t('chat.empty')}
      disabled={closed ? t('error.chat_disabled') : null}
      send={(text) => told(meeting.room!.chat(text, meeting.whisperTo.value?.peerId))}
      onTyping={(typing) => (meeting.whisperTo.value ? undefined : meeting.room?.typing(typing))}
      loadEarlier={() => meeting.room!.loadEarlier()}
      privateTo={(message) => (message.targetId ? recipient(message.targetId) : null)}
    >
      <Recipient meeting={meeting} />
    </Chat>
  );
}

function Alone({ meeting }: { meeting: Meeting }) {
  const { code, room, peers } = meeting.state.value!;
  if (peers.length > 0 || room.kind === 'call') return null;
  return (
    <div class="alone night">
      <p><strong>{t('call.alone')}</strong></p>
      <p class="alone-link">{inviteLink(code)}</p>
      <div class="row wrap center">
        <Button kind="primary" icon="copy" onClick={() => void copy(inviteLink(code))}>{t('people.copyLink')}</Button>
        <QrButton link={inviteLink(code)} />
      </div>
    </div>
  );
}

// Keeps the screen of a phone on during the call.
function useWakeLock(): void {
  useEffect(() => {
    type Lock = { release(): Promise<void> };
    let lock: Lock | null = null;
    const request = async () => {
      const wake = (navigator as unknown as { wakeLock?: { request(kind: string): Promise<Lock> } }).wakeLock;
      if (document.visibilityState === 'visible') lock = (await wake?.request('screen').catch(() => null)) ?? null;
    };
    void request();
    document.addEventListener('visibilitychange', request);
    return () => {
      document.removeEventListener('visibilitychange', request);
      void lock?.release().catch(() => {});
    };
  }, []);
}

// Firefox has no such windows that a page may open, iPhones fill their screens with nothing but videos.
const hasPip = 'documentPictureInPicture' in window || document.pictureInPictureEnabled === true;
const hasFullScreen = document.fullscreenEnabled === true;

// A window with the call where the browser has such, else one picture.
async function pictureInPicture(meeting: Meeting): Promise<void> {
  if ('documentPictureInPicture' in window && (await import('./pip').then((pip) => pip.togglePip(meeting)).catch(() => false))) return;
  const video = document.querySelector<HTMLVideoElement>('.tile.screen .picture, .spotlight .large .picture:not(.dark), .tile:not(.own) .picture:not(.dark)');
  if (document.pictureInPictureElement) await document.exitPictureInPicture();
  else if (video) await video.requestPictureInPicture().catch(() => notify(t('call.noPip'), 'alert'));
  else notify(t('call.noPip'), 'alert');
}

async function fullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen?.().catch(() => {});
}

export function Call({ meeting }: { meeting: Meeting }) {
  const [details, setDetails] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'none' | 'settings' | 'keys'>('none');
  const recording = useMemo(() => new Recording(meeting), [meeting]);
  const state = meeting.state.value!;
  const { media, panel } = meeting;
  useWakeLock();
  useEffect(() => () => {
    void recording.stop();
    if ('documentPictureInPicture' in window) void import('./pip').then((pip) => pip.closePip());
  }, []);
  const pinNth = (n: number) => meeting.pin(n === 0 ? null : (state.peers[n - 1]?.peerId ?? null));
  useShortcuts(
    {
      m: () => void media.setMic(!media.micOn.value),
      v: () => void media.setCamera(!media.cameraOn.value),
      d: () => void meeting.toggleScreen(),
      r: () => meeting.setHand(!state.hand),
      c: () => meeting.open('chat'),
      p: () => meeting.open('people'),
      w: () => switchLayout(meeting),
      s: () => void fullScreen(),
      '?': () => setDialog('keys'),
      ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [String(n), () => pinNth(n)])),
    },
    (on) => void media.setMic(on),
  );
  const views: BarButton[] = [
    ...(hasPip ? [{ icon: 'pip' as const, label: t('call.pip'), onClick: () => void pictureInPicture(meeting) }] : []),
    ...(hasFullScreen ? [{ icon: 'expand' as const, label: t('call.fullScreen'), onClick: () => void fullScreen() }] : []),
  ];
  const title = state.room.kind === 'call' ? t('call.with', { name: state.peers.map((peer) => peer.name).join(', ') || '…' }) : state.room.title || t('prejoin.title');
  return (
    <div class={`call ${panel.value !== 'none' ? 'with-panel' : ''}`}>
      <header class="call-head">
        <h1 class="ellipsis">{title}</h1>
        {state.room.kind !== 'call' && <button type="button" class="code" title={t('people.copyLink')} aria-label={t('call.copyCode', { code: prettyCode(state.code) })} onClick={() => void copy(inviteLink(state.code))}>{prettyCode(state.code)}<Icon name="copy" size={16} /></button>}
        {state.room.locked && <span class="chip"><Icon name="lock" size={16} />{t('call.locked')}</span>}
        {state.room.recording && <span class="chip recording"><i class="dot" />{t('call.recording')}</span>}
        <span class="spacer" />
        <Clock since={state.room.startedAt} />
        {views.map((view) => <Button key={view.icon} kind="quiet" class="wide-only" {...view} />)}
      </header>
      <main class="call-main" aria-label={title}>
        <ConnectionLine />
        <div class="call-trouble"><DeviceTrouble media={media} /></div>
        <Stage meeting={meeting} onDetails={setDetails} />
        <Alone meeting={meeting} />
      </main>
      {panel.value !== 'none' && (
        <aside class="panel" aria-label={t(panel.value === 'chat' ? 'call.chat' : 'call.people')}>
          <header>
            <h2>{t(panel.value === 'chat' ? 'call.chat' : 'call.people')}</h2>
            <Button kind="quiet" icon="close" label={t('close')} onClick={() => (panel.value = 'none')} />
          </header>
          {panel.value === 'chat' ? <RoomChat meeting={meeting} /> : <People meeting={meeting} />}
        </aside>
      )}
      <footer class="call-foot"><Bar meeting={meeting} recording={recording} others={views} onSettings={() => setDialog('settings')} /></footer>
      {details && state.peers.some((peer) => peer.peerId === details) && <Details meeting={meeting} peerId={details} onClose={() => setDetails(null)} />}
      {dialog === 'settings' && <SettingsDialog media={media} onClose={() => setDialog('none')} />}
      {dialog === 'keys' && <ShortcutSheet onClose={() => setDialog('none')} />}
    </div>
  );
}
