// Who is here, who wants to come in, and what hosts may do about it.
import { useState } from 'preact/hooks';
import { count, t, type Key } from '../app/i18n';
import { name as ownName } from '../app/settings';
import type { PeerEntry } from '../client';
import { Avatar, Button, copy, Dialog, Switch } from '../ui/controls';
import { Icon } from '../ui/icon';
import { QrButton } from '../ui/qr_button';
import { told } from '../ui/told';
import type { Meeting } from './store';

function Requests({ meeting }: { meeting: Meeting }) {
  const requests = meeting.state.value!.requests;
  if (requests.length === 0 || !meeting.isHost) return null;
  return (
    <section class="requests" aria-label={t('people.waiting')}>
      <div class="row between">
        <h3>{t('people.waiting')}</h3>
        {requests.length > 1 && <Button kind="primary" onClick={() => void told(meeting.room!.admit({ all: true }))}>{t('people.admitAll')}</Button>}
      </div>
      <ul class="people">
        {requests.map(({ requestId, name }) => (
          <li key={requestId}>
            <Avatar name={name} size="small" />
            <span class="person-name ellipsis">{name}</span>
            <Button kind="primary" label={t('people.admit', { name })} onClick={() => void told(meeting.room!.admit({ requestIds: [requestId] }))}>{t('people.admitShort')}</Button>
            <Button label={t('people.deny', { name })} onClick={() => void told(meeting.room!.deny([requestId]))}>{t('people.denyShort')}</Button>
          </li>
        ))}
      </ul>
      {requests.length === 1 && <Button kind="quiet" onClick={() => void told(meeting.room!.admit({ all: true }))}>{t('people.admitAll')}</Button>}
    </section>
  );
}

function HostActions({ meeting, peer }: { meeting: Meeting; peer: PeerEntry }) {
  const { peerId, name } = peer;
  const act = (action: string, value?: unknown) => void told(meeting.room!.moderate(action, peerId, value));
  const coHost = peer.role === 'co_host';
  const shown = meeting.state.value!.room.spotlight === peerId;
  const mayRoles = meeting.can('role');
  const [banning, setBanning] = useState(false);
  return (
    <div class="person-actions">
      {peer.media.audio
        ? <Button kind="quiet" icon="mic" label={t('people.mute', { name })} onClick={() => act('mute')} />
        : <Button kind="quiet" icon="micOff" label={t('people.askUnmute', { name })} onClick={() => act('ask-unmute')} />}
      <Button kind="quiet" icon="pin" pressed={shown} label={t(shown ? 'people.unspotlight' : 'people.spotlight', { name })} onClick={() => act('spotlight', shown ? false : undefined)} />
      {mayRoles && (
        <Button kind="quiet" icon="user" pressed={coHost} label={t(coHost ? 'people.dropCoHost' : 'people.makeCoHost', { name })} onClick={() => act('role', coHost ? 'participant' : 'co_host')} />
      )}
      <Button kind="quiet" icon="close" label={t('people.remove', { name })} onClick={() => act('kick')} />
      <Button kind="quiet" icon="ban" label={t('people.ban', { name })} onClick={() => setBanning(true)} />
      {banning && <Ban meeting={meeting} peer={peer} onClose={() => setBanning(false)} />}
    </div>
  );
}

function Ban({ meeting, peer, onClose }: { meeting: Meeting; peer: PeerEntry; onClose: () => void }) {
  const ban = () => {
    onClose();
    void told(meeting.room!.moderate('ban', peer.peerId));
  };
  return (
    <Dialog title={t('people.banTitle', { name: peer.name })} role="alertdialog" onClose={onClose}>
      <p>{t('people.banText')}</p>
      <div class="row end-row">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button kind="danger" onClick={ban}>{t('people.banSure')}</Button>
      </div>
    </Dialog>
  );
}

function Hand() {
  return <span class="hand-up"><Icon name="hand" size={18} /><span class="sr">{t('tile.hand')}</span></span>;
}

function Hearable({ on }: { on: boolean }) {
  return <><Icon name={on ? 'mic' : 'micOff'} size={18} />{!on && <span class="sr">{t('tile.muted')}</span>}</>;
}

function Person({ meeting, peer }: { meeting: Meeting; peer: PeerEntry }) {
  const mayAct = meeting.isHost && peer.role !== 'host';
  const mayWhisper = meeting.state.value!.room.kind !== 'call';
  return (
    <li class={mayAct ? 'tall' : ''}>
      <Avatar name={peer.name} size="small" />
      <span class="person-name">
        <span class="ellipsis">{peer.name}</span>
        <small class="muted">{peer.away ? t('people.away') : t(`role.${peer.role}` as Key)}</small>
      </span>
      {peer.hand && <Hand />}
      {mayWhisper && <Button kind="quiet" icon="chat" label={t('people.whisper', { name: peer.name })} onClick={() => meeting.whisper(peer.peerId)} />}
      {mayAct ? <HostActions meeting={meeting} peer={peer} /> : <Hearable on={peer.media.audio} />}
    </li>
  );
}

export function inviteLink(code: string): string {
  return `${location.origin}/meeting/${code}`;
}

export function prettyCode(code: string): string {
  return code.length === 10 ? `${code.slice(0, 3)}-${code.slice(3, 7)}-${code.slice(7)}` : code;
}

export function People({ meeting }: { meeting: Meeting }) {
  const state = meeting.state.value!;
  const { room } = state;
  // Raised hands first: whoever waits to speak is not overlooked.
  const peers = [...state.peers].sort((a, b) => Number(b.hand) - Number(a.hand));
  const setting = (patch: object) => void told(meeting.room!.moderate('settings', undefined, patch));
  return (
    <div class="people-panel">
      <Requests meeting={meeting} />
      <p class="muted">{count('people.count', state.peers.length + 1)}</p>
      <ul class="people" aria-label={t('call.people')}>
        <li>
          <Avatar name={ownName.value || '?'} size="small" />
          <span class="person-name"><span class="ellipsis">{t('tile.you', { name: ownName.value || t('guest') })}</span><small class="muted">{t(`role.${state.role}` as Key)}</small></span>
          {state.hand && <Hand />}
          <Hearable on={meeting.media.micOn.value} />
        </li>
        {peers.map((peer) => <Person key={peer.peerId} meeting={meeting} peer={peer} />)}
      </ul>
      {room.kind !== 'call' && (
        <div class="two">
          <Button icon="link" onClick={() => void copy(inviteLink(state.code))}>{t('people.copyLink')}</Button>
          <QrButton link={inviteLink(state.code)} />
        </div>
      )}
      {meeting.isHost && room.kind !== 'call' && (
        <section class="host-controls" aria-label={t('people.hostControls')}>
          <h3>{t('people.hostControls')}</h3>
          <Switch label={t('people.lock')} hint={t('people.lockHint')} on={room.locked} onChange={(on) => void told(meeting.room!.moderate(on ? 'lock' : 'unlock'))} />
          <Switch label={t('people.waitingRoom')} on={room.settings.waitingRoom} onChange={(on) => setting({ waitingRoom: on })} />
          <Switch label={t('people.allowUnmute')} on={room.settings.allowUnmute} onChange={(on) => setting({ allowUnmute: on })} />
          <Switch label={t('people.allowScreen')} on={room.settings.allowScreenShare} onChange={(on) => setting({ allowScreenShare: on })} />
          <Switch label={t('people.enableChat')} on={room.settings.enableChat} onChange={(on) => setting({ enableChat: on })} />
          <div class="row">
            <Button icon="micOff" onClick={() => void told(meeting.room!.moderate('mute-all'))}>{t('people.muteAll')}</Button>
            <Button icon="hand" onClick={() => void told(meeting.room!.moderate('lower-hands'))}>{t('people.lowerHands')}</Button>
          </div>
        </section>
      )}
    </div>
  );
}
