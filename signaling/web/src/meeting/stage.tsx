// The stage: everybody in equal tiles, or one large and the others in a strip.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as settings from '../app/settings';
import { t } from '../app/i18n';
import { bestColumns } from './grid';
import { Sound } from './picture';
import type { Meeting } from './store';
import { OwnTile, PeerTile, ScreenTile } from './tile';

interface Entry {
  id: string;
  large: number; // who is shown large when nobody is pinned: the highest
  node: ComponentChildren;
}

function entries(meeting: Meeting, onDetails: (peerId: string) => void): Entry[] {
  const state = meeting.state.value!;
  const list: Entry[] = [];
  for (const peer of state.peers) {
    const speaking = meeting.speaking.value === peer.peerId;
    const chosen = state.room.spotlight === peer.peerId;
    list.push({ id: peer.peerId, large: chosen ? 3 : speaking ? 1 : 0, node: <PeerTile key={peer.peerId} meeting={meeting} peer={peer} onDetails={() => onDetails(peer.peerId)} /> });
    if (!peer.media.screen) continue;
    const id = `${peer.peerId}/screen`;
    const track = meeting.tracks.value.get(peer.peerId)?.screen ?? null;
    list.push({ id, large: 2, node: <ScreenTile key={id} meeting={meeting} name={peer.name} tileId={id} track={track} own={false} /> });
  }
  const own = meeting.media.screen.value;
  if (own) list.push({ id: 'own/screen', large: -1, node: <ScreenTile key="own/screen" meeting={meeting} name="" tileId="own/screen" track={own} own /> });
  list.push({ id: state.selfId, large: -2, node: <OwnTile key={state.selfId} meeting={meeting} name={settings.name.value || t('guest')} /> });
  return list;
}

function useSize() {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return { ref, size };
}

export function Stage({ meeting, onDetails }: { meeting: Meeting; onDetails: (peerId: string) => void }) {
  const { ref, size } = useSize();
  const list = entries(meeting, onDetails);
  const pinned = list.find((entry) => entry.id === meeting.pinned.value);
  const presenting = list.some((entry) => entry.large >= 2);
  const spotlight = list.length > 1 && (pinned !== undefined || presenting || meeting.layout.value === 'spotlight');
  const large = pinned ?? [...list].sort((a, b) => b.large - a.large)[0]!;
  const { columns, width } = bestColumns(list.length, size.width, size.height, 10);
  return (
    <div class="stage-box" ref={ref}>
      {spotlight ? (
        <div class="stage spotlight">
          <div class="large">{large.node}</div>
          <div class="strip">{list.filter((entry) => entry !== large).map((entry) => entry.node)}</div>
        </div>
      ) : list.length === 2 && size.width < 600 ? (
        <div class="stage pair">{list.map((entry) => entry.node)}</div>
      ) : (
        <div class="stage grid" style={{ '--columns': columns, '--tile': `${Math.floor(width)}px` }}>{list.map((entry) => entry.node)}</div>
      )}
      <div class="sr" aria-live="polite">{meeting.reactions.value.filter((one) => one.peerId !== meeting.state.value!.selfId).map((one) => <p key={one.id}>{meeting.nameOf(one.peerId)}: {one.kind}</p>)}</div>
      {[...meeting.tracks.value].flatMap(([peerId, tracks]) => (['audio', 'screenAudio'] as const).map((slot) => {
        const track = tracks[slot];
        return track ? <Sound key={`${peerId}/${slot}`} track={track} /> : null;
      }))}
    </div>
  );
}
