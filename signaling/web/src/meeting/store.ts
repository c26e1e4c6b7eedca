// One stay in a meeting or call: our media, the room, and what the page shows of both, as signals.
import { batch, signal } from '@preact/signals';
import { errorText, t } from '../app/i18n';
import { connect, connectionState, whenConnected } from '../app/session';
import * as settings from '../app/settings';
import { Room, SignalError, type Joined, type PeerState, type Phase, type Quality, type RoomState, type Slot } from '../client';
import { LocalMedia } from '../media/local';
import { chime } from '../media/levels';
import { dismiss, notify } from '../ui/controls';
import { told } from '../ui/told';
import { Speakers } from './speakers';
import { watch, watchNetwork } from './watch';

export type Tracks = Partial<Record<Slot, MediaStreamTrack>>;
export type Panel = 'none' | 'chat' | 'people';

export interface Reaction {
  id: number;
  peerId: string;
  kind: string;
}

export interface Sample {
  rtt: number;
  loss: number;
  kbps: number;
}

const kHistory = 90; // samples of two seconds: three minutes

export class Meeting {
  readonly media = new LocalMedia();
  readonly phase = signal<Phase>({ name: 'idle' });
  readonly state = signal<RoomState | null>(null);
  readonly tracks = signal<ReadonlyMap<string, Tracks>>(new Map());
  readonly peerStates = signal<ReadonlyMap<string, PeerState>>(new Map());
  readonly qualities = signal<ReadonlyMap<string, Quality>>(new Map());
  readonly speaking = signal<string | null>(null);
  readonly pinned = signal<string | null>(null);
  readonly layout = signal<'grid' | 'spotlight'>('grid');
  readonly panel = signal<Panel>('none');
  readonly unread = signal(0);
  readonly whisperTo = signal<{ peerId: string; name: string } | null>(null); // whom the next lines of chat are for; null: everybody
  readonly reactions = signal<Reaction[]>([]);
  readonly problem = signal<string | null>(null);
  readonly needsPassword = signal(false);
  readonly elsewhere = signal(false); // we are in this meeting in another tab
  readonly busy = signal(false);
  readonly history = new Map<string, Sample[]>();

  room: Room | null = null;
  private stops: (() => void)[] = [];
  private lastReaction = 0;
  private knock = 0; // the notice that somebody wants to come in

  constructor(readonly id: string) {}

  async prepare(): Promise<void> {
    await this.media.start();
  }

  async join(options: { password?: string; replace?: boolean } = {}): Promise<void> {
    batch(() => {
      this.problem.value = null;
      this.busy.value = true;
    });
    const returning = sessionStorage.getItem(`meeting.${this.id}`) === 'in';
    try {
      const connection = connect();
      await whenConnected(connection);
      const room = this.attach(new Room(connection));
      await room.join({ meetingId: this.id, name: settings.name.value.trim() || t('guest'), media: this.flags(), ...options, replace: options.replace || returning });
      sessionStorage.setItem(`meeting.${this.id}`, 'in');
    } catch (error) {
      this.refused(error as SignalError);
    }
    this.busy.value = false;
  }

  // The call that both of us accepted.
  adopt(joined: Joined): void {
    this.attach(new Room(connect())).adopt(joined, this.flags());
  }

  async leave(): Promise<void> {
    sessionStorage.removeItem(`meeting.${this.id}`);
    await this.room?.leave();
  }

  async end(): Promise<void> {
    await told(this.room!.end());
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
    if (this.room && this.room.phase.name !== 'over') void this.room.leave();
    this.media.stop();
  }

  async toggleScreen(): Promise<void> {
    if (this.media.screen.value) this.media.stopScreen();
    else await this.media.shareScreen();
  }

  setHand(raised: boolean): void {
    this.room?.setHand(raised);
    notify(t(raised ? 'call.handRaised' : 'call.handLowered'));
  }

  react(kind: string): void {
    this.room?.react(kind);
    this.showReaction(this.state.value?.selfId ?? '', kind);
  }

  open(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? 'none' : panel;
    if (this.panel.value === 'chat') this.unread.value = 0;
  }

  whisper(peerId: string | null): void {
    batch(() => {
      this.whisperTo.value = peerId ? { peerId, name: this.nameOf(peerId) } : null;
      this.panel.value = 'chat';
      this.unread.value = 0;
    });
  }

  pin(tile: string | null): void {
    batch(() => {
      this.pinned.value = tile;
      if (tile) this.layout.value = 'spotlight';
    });
  }

  nameOf(peerId: string | null | undefined): string {
    const state = this.state.value;
    if (!peerId || !state) return t('someone');
    return state.peers.find((peer) => peer.peerId === peerId)?.name ?? (peerId === state.selfId ? t('you') : t('someone'));
  }

  can(permission: string): boolean {
    return this.state.value?.permissions.includes(permission) ?? false;
  }

  get isHost(): boolean {
    const role = this.state.value?.role;
    return role === 'host' || role === 'co_host';
  }

  private flags() {
    return { audio: this.media.micOn.value, video: this.media.cameraOn.value, screen: this.media.screen.value !== null };
  }

  private refused(error: SignalError): void {
    batch(() => {
      this.needsPassword.value = this.needsPassword.value || error.code === 'password_required' || error.code === 'password_wrong';
      this.elsewhere.value = error.code === 'duplicate_session';
      this.problem.value = error.code === 'password_required' ? null : errorText(error);
    });
  }

  private attach(room: Room): Room {
    for (const stop of this.stops) stop();
    this.room = room;
    room.mesh.setRelayOnly(settings.relayOnly.peek());
    const speakers = new Speakers(room.mesh, this.media, (speaker) => (this.speaking.value = speaker));
    const away = () => void this.pageHidden();
    addEventListener('pagehide', away);
    this.stops = [
      room.on('phase', (phase) => this.phaseChanged(phase)),
      room.on('state', (state) => this.stateChanged(state)),
      room.on('moderation', ({ action, by }) => void this.moderated(action, by)),
      room.on('reaction', ({ fromId, kind }) => this.showReaction(fromId, kind)),
      room.on('push', (frame) => this.pushed(frame)),
      room.mesh.on('track', ({ peerId, slot, track }) => {
        this.tracks.value = new Map(this.tracks.value).set(peerId, { ...this.tracks.value.get(peerId), [slot]: track });
      }),
      room.mesh.on('state', ({ peerId, state }) => (this.peerStates.value = new Map(this.peerStates.value).set(peerId, state))),
      room.mesh.on('quality', ({ peerId, quality }) => this.measured(peerId, quality)),
      watch(() => this.media.audio.value, (track) => room.mesh.setTrack('audio', track)),
      watch(() => this.media.video.value, (track) => room.mesh.setTrack('video', track)),
      watch(() => this.media.screen.value, (track) => room.mesh.setTrack('screen', track)),
      watch(() => this.media.screenAudio.value, (track) => room.mesh.setTrack('screenAudio', track)),
      watch(() => settings.relayOnly.value, (only) => room.mesh.setRelayOnly(only)),
      watch(() => this.flags(), (flags) => room.setMedia(flags)),
      () => speakers.stop(),
      watchNetwork(() => void room.networkChanged()),
      () => removeEventListener('pagehide', away),
    ];
    return room;
  }

  private phaseChanged(phase: Phase): void {
    this.phase.value = phase;
    if (phase.name === 'over') {
      this.media.stopScreen();
      batch(() => {
        this.tracks.value = new Map();
        this.peerStates.value = new Map();
        this.reactions.value = [];
      });
      if (phase.reason !== 'left') sessionStorage.removeItem(`meeting.${this.id}`);
    }
  }

  private stateChanged(state: RoomState): void {
    const before = this.state.value;
    this.state.value = state;
    if (!before || before.selfId !== state.selfId) return;
    const fresh = state.chat.filter((message) => (message.seq ?? 0) > before.lastSeq || (message.targetId && !before.chat.some((old) => old.messageId === message.messageId)));
    const others = fresh.filter((message) => message.fromId !== state.selfId && message.kind !== 'system');
    if (others.length > 0 && this.panel.value !== 'chat') this.unread.value += others.length;
    if (state.requests.length === 0) dismiss(this.knock);
    if (state.requests.length > before.requests.length) this.knocked(state.requests[state.requests.length - 1]!.name);
  }

  private knocked(who: string): void {
    if (settings.sounds.value) void chime(settings.speaker.value?.id, [660, 880]);
    const show = { label: t('call.people'), run: () => (this.panel.value = 'people') };
    this.knock = notify(t('waiting.knocked', { name: who }), 'status', this.panel.value === 'people' ? undefined : show);
  }

  private async moderated(action: string, by: string | null): Promise<void> {
    const name = this.nameOf(by);
    switch (action) {
      case 'mute':
      case 'mute-all':
        await this.media.setMic(false);
        return void notify(t('moderation.muted', { name }));
      case 'stop-video':
        await this.media.setCamera(false);
        return void notify(t('moderation.cameraOff', { name }));
      case 'stop-screen':
        this.media.stopScreen();
        return void notify(t('moderation.screenOff', { name }));
      case 'ask-unmute':
        return void notify(t('moderation.askUnmute', { name }), 'status', { label: t('call.unmute'), run: () => void this.media.setMic(true) });
      case 'lower-hands':
        return void notify(t('call.handLowered'));
    }
  }

  private pushed(frame: { type: string; [member: string]: unknown }): void {
    if (frame.type === 'error') {
      if (frame.code === 'screen_share_disabled') this.media.stopScreen();
      if (frame.code === 'forbidden' && this.media.micOn.value) void this.media.setMic(false);
      notify(errorText(frame), 'alert');
    } else if (frame.type === 'peer-joined') {
      notify(t('call.joined', { name: (frame.peer as { name: string }).name }));
    } else if (frame.type === 'hand' && frame.raised === true && frame.peerId !== this.state.value?.selfId) {
      notify(t('call.raisedHand', { name: this.nameOf(String(frame.peerId)) }));
    } else if (frame.type === 'recording') {
      notify(t(frame.state === 'started' ? 'call.recordingStarted' : 'call.recordingStopped'));
    } else if (frame.type === 'peer-left') {
      const gone = String(frame.peerId);
      const tracks = new Map(this.tracks.value);
      tracks.delete(gone);
      this.tracks.value = tracks;
      if (this.pinned.value?.startsWith(gone)) this.pinned.value = null;
    }
  }

  private measured(peerId: string, quality: Quality): void {
    this.qualities.value = new Map(this.qualities.value).set(peerId, quality);
    const samples = this.history.get(peerId) ?? [];
    samples.push({ rtt: quality.rttMs ?? 0, loss: Math.max(quality.lossPct, quality.lossOutPct), kbps: quality.kbpsIn });
    this.history.set(peerId, samples.slice(-kHistory));
  }

  private showReaction(peerId: string, kind: string): void {
    const id = ++this.lastReaction;
    this.reactions.value = [...this.reactions.value, { id, peerId, kind }];
    setTimeout(() => (this.reactions.value = this.reactions.value.filter((reaction) => reaction.id !== id)), 4_000);
  }

  // Closed on purpose, so that nobody sees a ghost for half a minute.
  private pageHidden(): void {
    if (connectionState.value.name === 'connected') connect().close();
  }
}
