// One person, or one shared screen, on the stage.
import { t, type Key } from '../app/i18n';
import { connectionState } from '../app/session';
import { mirror } from '../app/settings';
import { gradeOf, type Grade, type PeerEntry, type Quality } from '../client';
import { Avatar } from '../ui/controls';
import { Icon } from '../ui/icon';
import { Picture } from './picture';
import type { Meeting } from './store';

export function Bars({ grade }: { grade: Grade }) {
  const lit = { good: 3, fair: 2, poor: 1, lost: 0 }[grade];
  return <span class={`bars ${grade}`} aria-hidden="true">{[1, 2, 3].map((bar) => <i key={bar} class={bar <= lit ? 'lit' : ''} />)}</span>;
}

export function pathText(quality: Quality | undefined): string {
  return t(`path.${quality?.path ?? 'none'}` as Key);
}

// The way in two words, for tiles that have the room.
function wayText({ path, protocol, rttMs }: Quality): string {
  const way = path === 'direct' ? t('tile.direct') : t('tile.relay', { protocol: (protocol ?? '').toUpperCase() });
  return rttMs === null ? way : `${way} · ${rttMs} ms`;
}

// The rest of what comes in, for wide ones.
function flowText({ family, lossPct, kbpsIn }: Quality): string {
  return [family, t('tile.lost', { percent: lossPct }), `${kbpsIn} kbit/s`].filter(Boolean).map((part) => ` · ${part}`).join('');
}

function stateText(meeting: Meeting, peer: PeerEntry, state: string): string | null {
  if (state === 'failed') return t('tile.failed');
  if (peer.away && state !== 'connected') return t('tile.away');
  if (state === 'connecting') return t('tile.connecting');
  if (state === 'reconnecting') return t('tile.reconnecting');
  if (state === 'unstable') return meeting.qualities.value.get(peer.peerId)?.path === 'none' ? t('tile.reconnecting') : t('tile.unstable');
  return null;
}

function Reactions({ meeting, peerId }: { meeting: Meeting; peerId: string }) {
  return <>{meeting.reactions.value.filter((one) => one.peerId === peerId).map((one) => <span key={one.id} class="reaction" aria-hidden="true">{one.kind}</span>)}</>;
}

function Label(props: { name: string; muted: boolean; hand: boolean }) {
  return (
    <span class="tile-name">
      {props.hand && <><Icon name="hand" size={16} /><span class="sr">{t('tile.hand')}</span></>}
      {props.muted && <><Icon name="micOff" size={16} /><span class="sr">{t('tile.muted')}</span></>}
      <span class="ellipsis">{props.name}</span>
    </span>
  );
}

export function PeerTile({ meeting, peer, onDetails }: { meeting: Meeting; peer: PeerEntry; onDetails: () => void }) {
  const { peerId, name, media } = peer;
  const state = meeting.peerStates.value.get(peerId) ?? 'connecting';
  const quality = meeting.qualities.value.get(peerId);
  const grade = quality ? gradeOf(quality) : 'lost';
  const pinned = meeting.pinned.value === peerId;
  const told = stateText(meeting, peer, state);
  return (
    <div class={`tile ${meeting.speaking.value === peerId ? 'speaking' : ''}`} role="group" aria-label={name} data-state={state} data-path={quality?.path ?? 'none'}>
      <Picture track={meeting.tracks.value.get(peerId)?.video ?? null} hidden={!media.video} />
      {!media.video && <Avatar name={name} size="large" />}
      {told && <p class="tile-state">{state !== 'failed' && <span class="spinner" />}{told}</p>}
      <Reactions meeting={meeting} peerId={peerId} />
      <Label name={name} muted={!media.audio} hand={peer.hand} />
      <div class="tile-tools">
        <button type="button" class={`tile-tool pin ${pinned ? 'on' : ''}`} aria-pressed={pinned} aria-label={t('tile.pin', { name })} title={t('tile.pin', { name })} onClick={() => meeting.pin(pinned ? null : peerId)}>
          <Icon name="pin" size={18} />
        </button>
        {quality && quality.path !== 'none' && <span class="tile-way">{wayText(quality)}<span class="tile-flow">{flowText(quality)}</span></span>}
        <button type="button" class="tile-tool" aria-label={t('tile.details', { name })} title={`${pathText(quality)}${quality?.rttMs ? `, ${quality.rttMs} ms` : ''}`} onClick={onDetails}>
          <Bars grade={grade} />
        </button>
      </div>
    </div>
  );
}

export function OwnTile({ meeting, name }: { meeting: Meeting; name: string }) {
  const { media } = meeting;
  const online = connectionState.value.name === 'connected';
  const selfId = meeting.state.value?.selfId ?? '';
  return (
    <div class="tile own" role="group" aria-label={t('tile.you', { name })} data-state={online ? 'connected' : 'reconnecting'} data-path="none">
      <Picture track={media.video.value} mirrored={mirror.value && media.facing.value === 'user'} hidden={!media.cameraOn.value} />
      {!media.cameraOn.value && <Avatar name={name} size="large" />}
      <Reactions meeting={meeting} peerId={selfId} />
      <Label name={t('tile.you', { name })} muted={!media.micOn.value} hand={meeting.state.value?.hand ?? false} />
    </div>
  );
}

export function ScreenTile(props: { meeting: Meeting; name: string; tileId: string; track: MediaStreamTrack | null; own: boolean }) {
  const { meeting, tileId } = props;
  const label = props.own ? t('tile.ownScreen') : t('tile.screen', { name: props.name });
  const pinned = meeting.pinned.value === tileId;
  return (
    <div class="tile screen" role="group" aria-label={label}>
      <Picture track={props.track} fit="contain" />
      <span class="tile-name"><Icon name="screen" size={16} /><span class="ellipsis">{label}</span></span>
      <div class="tile-tools">
        <button type="button" class={`tile-tool pin ${pinned ? 'on' : ''}`} aria-pressed={pinned} aria-label={t('tile.pin', { name: label })} onClick={() => meeting.pin(pinned ? null : tileId)}>
          <Icon name="pin" size={18} />
        </button>
      </div>
    </div>
  );
}
