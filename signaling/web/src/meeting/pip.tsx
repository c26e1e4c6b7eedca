// The call in a small window that stays above other programs (Document Picture-in-Picture): who speaks, ourselves, and the
// controls that are needed at once.
import { render } from 'preact';
import { t } from '../app/i18n';
import { mirror } from '../app/settings';
import { Avatar } from '../ui/controls';
import { Icon, type IconName } from '../ui/icon';
import { Picture } from './picture';
import type { Meeting } from './store';

interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

// Who is shown: the pinned, a shared screen, who speaks, anybody.
function shownIn(meeting: Meeting) {
  const { peers } = meeting.state.value!;
  const pinned = peers.find((peer) => meeting.pinned.value?.startsWith(peer.peerId));
  const presenter = peers.find((peer) => peer.media.screen);
  const peer = pinned ?? presenter ?? peers.find((one) => one.peerId === meeting.speaking.value) ?? peers[0];
  if (!peer) return null;
  const tracks = meeting.tracks.value.get(peer.peerId);
  return { peer, isScreen: peer.media.screen, track: (peer.media.screen ? tracks?.screen : peer.media.video && tracks?.video) || null };
}

function Control(props: { icon: IconName; label: string; onClick: () => void; tone?: string }) {
  return <button type="button" class={`tool ${props.tone ?? ''}`} aria-label={props.label} title={props.label} onClick={props.onClick}><Icon name={props.icon} /></button>;
}

function Small({ meeting }: { meeting: Meeting }) {
  if (!meeting.state.value) return null;
  const { media } = meeting;
  const shown = shownIn(meeting);
  return (
    <main class="pip night">
      <div class="tile" role="group" aria-label={shown?.peer.name ?? t('call.alone')}>
        {shown ? <Picture track={shown.track} hidden={!shown.track} fit={shown.isScreen ? 'contain' : 'cover'} /> : <p class="muted">{t('call.nobody')}</p>}
        {shown && !shown.track && <Avatar name={shown.peer.name} size="large" />}
        {shown && <span class="tile-name ellipsis">{shown.peer.name}</span>}
      </div>
      {media.cameraOn.value && <div class="pip-own"><Picture track={media.video.value} mirrored={mirror.value && media.facing.value === 'user'} /></div>}
      <div class="pip-bar">
        <Control icon={media.micOn.value ? 'mic' : 'micOff'} label={t(media.micOn.value ? 'call.mute' : 'call.unmute')} tone={media.micOn.value ? '' : 'off'} onClick={() => void media.setMic(!media.micOn.value)} />
        <Control icon={media.cameraOn.value ? 'camera' : 'cameraOff'} label={t(media.cameraOn.value ? 'call.stopCamera' : 'call.startCamera')} tone={media.cameraOn.value ? '' : 'off'} onClick={() => void media.setCamera(!media.cameraOn.value)} />
        <Control icon="leave" label={t('call.leave')} tone="leave" onClick={() => void meeting.leave()} />
      </div>
    </main>
  );
}

function api(): DocumentPictureInPicture | undefined {
  return (window as unknown as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;
}

// Opens the window, or closes it; false where the browser has no such windows.
export async function togglePip(meeting: Meeting): Promise<boolean> {
  const windows = api();
  if (!windows) return false;
  if (windows.window) {
    windows.window.close();
    return true;
  }
  const opened = await windows.requestWindow({ width: 400, height: 300 });
  const { document: page } = opened;
  for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    const copy = page.createElement('link');
    copy.rel = 'stylesheet';
    copy.href = sheet.href;
    page.head.append(copy);
  }
  page.title = meeting.state.value?.room.title || t('prejoin.title');
  page.documentElement.lang = document.documentElement.lang;
  const theme = document.documentElement.dataset.theme;
  if (theme) page.documentElement.dataset.theme = theme;
  render(<Small meeting={meeting} />, page.body);
  opened.addEventListener('pagehide', () => render(null, page.body));
  return true;
}

export function closePip(): void {
  api()?.window?.close();
}
