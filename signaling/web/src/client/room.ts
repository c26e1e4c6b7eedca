// Membership in one meeting or call: joins, waits, comes back after a lost session, and feeds the mesh.
//
// `state` is replaced, never changed. The room ends in the phase `over`; make a new one to join again.
import type { Connection } from './connection';
import { browserEnvironment, type Environment } from './environment';
import { Emitter } from './events';
import { SignalError } from './failure';
import { Mesh, type MeshOptions } from './mesh';
import type { Frame, IceServer, Joined, Media, Waiting } from './protocol';
import type { JoinOptions, Moderation, Phase } from './room_types';
import { applyPush, mergeChat, stateFrom, type RoomState } from './room_state';

interface RoomEvents {
  phase: Phase;
  state: RoomState;
  moderation: Moderation;
  reaction: { fromId: string; kind: string };
  push: Frame; // everything, after it was applied
}

// After a restart of the server the others come back one by one; their connections to us still run.
const kReturnMs = 20_000;

export class Room extends Emitter<RoomEvents> {
  phase: Phase = { name: 'idle' };
  state: RoomState | null = null;
  readonly mesh: Mesh;

  private readonly clock: Environment;
  private options: JoinOptions | null = null;
  private announced = ''; // our media as the server has it
  private servers: { issuedAt: number; ttl: number } | null = null;
  private readonly forget: (() => void)[];

  constructor(
    private readonly connection: Connection,
    options: Omit<MeshOptions, 'signaling'> = {},
  ) {
    super();
    this.clock = options.environment ?? browserEnvironment;
    this.mesh = new Mesh({
      ...options,
      signaling: {
        sendDescription: (targetId, description) => this.relay('description', { targetId, description }),
        sendCandidates: (targetId, candidate) => this.relay('ice-candidate', { targetId, candidate }),
        sendStats: (peers) => this.connection.notify('stats', { peers }),
      },
    });
    this.forget = [
      connection.on('push', (frame) => this.receive(frame)),
      connection.on('reset', () => void this.rejoin()),
      connection.on('state', (state) => {
        if (state.name === 'closed') this.finish(state.reason || `code_${state.code}`);
      }),
    ];
  }

  // Throws SignalError when refused; otherwise we are in, or wait (see `phase`).
  async join(options: JoinOptions): Promise<void> {
    this.options = options;
    this.setPhase({ name: 'joining' });
    try {
      this.answered(await this.connection.request('join', this.joinFields(options)));
    } catch (error) {
      if (this.phase.name === 'joining') this.setPhase({ name: 'idle' });
      throw error;
    }
  }

  // Takes the room that the server put us into: an accepted call.
  adopt(joined: Joined, media: Media): void {
    this.options = { meetingId: joined.meetingId, media };
    this.announced = '';
    this.entered(joined);
  }

  async leave(): Promise<void> {
    if (this.phase.name === 'over') return;
    const was = this.phase.name;
    this.finish('left');
    if (was !== 'idle') await this.connection.request('leave', {}, { timeoutMs: 3_000 }).catch(() => {});
  }

  async end(): Promise<void> {
    await this.connection.request('end');
    this.finish('ended');
  }

  setMedia(media: Media): void {
    if (this.options) this.options = { ...this.options, media };
    this.update({ media });
    this.announce();
  }

  setHand(raised: boolean): void {
    this.update({ hand: raised });
    this.ask('hand', { raised });
  }

  react(kind: string): void {
    this.connection.notify('reaction', { kind });
  }

  typing(isTyping: boolean): void {
    this.connection.notify('typing', { isTyping });
  }

  // Stored once, however often the request has to be repeated.
  chat(message: string, targetId?: string): Promise<Frame> {
    const key = `${this.state?.selfId ?? ''}-${Math.round(this.clock.now())}-${Math.random().toString(36).slice(2, 10)}`;
    return this.connection.request('chat', { message, key, ...(targetId ? { targetId } : {}) }, { durable: true });
  }

  // Older messages; false when there are none left.
  async loadEarlier(): Promise<boolean> {
    const first = this.state?.chat.find((message) => message.seq !== undefined)?.seq;
    const reply = await this.connection.request('chat-history', { limit: 50, ...(first ? { before: first } : {}) });
    this.update({ chat: mergeChat(this.state?.chat ?? [], reply.messages as never) });
    return reply.complete !== true;
  }

  admit(which: { requestIds: string[] } | { all: true }): Promise<Frame> {
    return this.connection.request('admit', which);
  }

  deny(requestIds: string[]): Promise<Frame> {
    return this.connection.request('deny', { requestIds });
  }

  moderate(action: string, targetId?: string, value?: unknown): Promise<Frame> {
    return this.connection.request('moderate', { action, ...(targetId ? { targetId } : {}), ...(value === undefined ? {} : { value }) });
  }

  recording(action: 'start' | 'stop'): Promise<Frame> {
    return this.connection.request('recording', { action });
  }

  // The way to the network changed: credentials first if they are old, then new ways for everybody.
  async networkChanged(): Promise<void> {
    this.connection.probe();
    if (this.phase.name !== 'joined') return;
    const old = this.servers && this.clock.now() - this.servers.issuedAt > (this.servers.ttl * 1000) / 2;
    if (old) await this.connection.request('ice-request', { reason: 'restart' }).then((frame) => this.iceUpdate(frame), () => {});
    this.mesh.restartAll();
  }

  private announce(): void {
    if (!this.options || this.phase.name !== 'joined') return;
    const media = JSON.stringify(this.options.media);
    if (media !== this.announced) this.ask('media', this.options.media);
    this.announced = media;
  }

  private joinFields({ meetingId, name, password, media, replace }: JoinOptions): object {
    this.announced = JSON.stringify(media);
    return { meetingId, media, ...(name ? { name } : {}), ...(password ? { password } : {}), ...(replace ? { replace } : {}) };
  }

  // A new session: the same place in the room if it is still ours, so that the connections to the others live on.
  private async rejoin(): Promise<void> {
    if (!this.options || this.phase.name === 'idle' || this.phase.name === 'over') return;
    const hand = this.state?.hand ?? false;
    const place = this.state ? { replace: true, peerId: this.state.selfId } : {};
    try {
      this.answered(await this.connection.request('join', { ...this.joinFields(this.options), ...place }));
      this.connection.resendPending();
      if (this.phase.name === 'joined') this.mesh.recoverAll();
      if (this.phase.name === 'joined' && hand) this.setHand(true);
    } catch (error) {
      if (error instanceof SignalError && error.code === 'session_lost') return; // another reset follows
      this.finish(error instanceof SignalError ? error.code : 'internal', String((error as Error).message));
    }
  }

  private answered(reply: Frame): void {
    if (reply.type === 'joined') this.entered(reply as Joined);
    else if (reply.type === 'waiting') this.setPhase({ name: 'waiting', waiting: reply as Waiting });
  }

  private entered(joined: Joined): void {
    // The others know our connections by our id: under another one they begin anew.
    if (this.state && this.state.selfId !== joined.selfId) this.mesh.close();
    this.state = stateFrom(joined, this.state);
    if (this.options) this.state = { ...this.state, media: this.options.media };
    this.servers = { issuedAt: this.clock.now(), ttl: joined.iceTtl };
    this.mesh.setServers(joined.iceServers, joined.iceTransportPolicy);
    this.clock.after(kReturnMs, () => this.mesh.retain(this.state!.peers.map((peer) => peer.peerId)));
    this.setPhase({ name: 'joined' });
    this.emit('state', this.state);
    for (const peer of joined.peers) this.mesh.add(peer.peerId, peer);
    this.announce();
  }

  private receive(frame: Frame): void {
    if (this.phase.name === 'over') return;
    switch (frame.type) {
      case 'joined':
        return this.phase.name === 'waiting' ? this.entered(frame as Joined) : undefined;
      case 'denied':
        return this.finish(String(frame.reason ?? 'denied') === 'denied' ? 'request_denied' : String(frame.reason));
      case 'meeting-ended':
        return this.finish('meeting_ended', frame.message as string | undefined);
      case 'ice-update':
        return this.iceUpdate(frame);
      case 'description':
      case 'offer':
      case 'answer':
        return this.describe(frame);
      case 'ice-candidate':
        return this.candidates(frame);
    }
    if (this.state && this.phase.name === 'joined') this.apply(this.state, frame);
    if (frame.type === 'moderation') this.moderated(frame);
    if (frame.type === 'reaction') this.emit('reaction', { fromId: String(frame.fromId), kind: String(frame.kind) });
    this.emit('push', frame);
  }

  private apply(state: RoomState, frame: Frame): void {
    const next = applyPush(state, frame);
    if (next !== state) {
      this.state = next;
      this.emit('state', next);
    }
    const peerId = String(frame.peerId);
    if (frame.type === 'peer-joined') {
      const peer = next.peers[next.peers.length - 1]!;
      this.mesh.add(peer.peerId, peer);
    } else if (frame.type === 'peer-left') {
      if (peerId === state.selfId) this.finish(String(frame.reason));
      else this.mesh.remove(peerId);
    } else if (frame.type === 'peer-back') {
      this.mesh.peer(peerId)?.recover();
    }
  }

  private moderated(frame: Frame): void {
    const action = String(frame.action);
    this.emit('moderation', { action, by: (frame.by as string | null) ?? null, value: frame.value });
    if (action === 'kick') this.finish('kicked');
    if (action === 'ban') this.finish('banned');
  }

  private describe(frame: Frame): void {
    const payload = frame.description ?? frame.offer ?? frame.answer;
    const description = typeof payload === 'string' ? { type: frame.type, sdp: payload } : payload;
    void this.mesh.onDescription(String(frame.fromId), description as RTCSessionDescriptionInit).catch((error) => console.warn('description refused', error));
  }

  private candidates(frame: Frame): void {
    const list = Array.isArray(frame.candidate) ? frame.candidate : [frame.candidate ?? null];
    void this.mesh.peer(String(frame.fromId))?.onCandidates(list as RTCIceCandidateInit[]);
  }

  private iceUpdate(frame: Frame): void {
    const ttl = Number(frame.ttl ?? frame.iceTtl ?? 3600);
    this.servers = { issuedAt: this.clock.now(), ttl };
    this.mesh.setServers(frame.iceServers as IceServer[], frame.iceTransportPolicy as RTCIceTransportPolicy | undefined);
  }

  // Acknowledged, so that it is sent again after a resume; a peer that is gone meanwhile needs nothing.
  private relay(type: string, fields: object): void {
    this.connection.request(type, fields).catch(() => {});
  }

  private ask(type: string, fields: object): void {
    this.connection.request(type, fields).catch((error: SignalError) => {
      if (error.code !== 'session_lost' && error.code !== 'closed') this.emit('push', { type: 'error', code: error.code });
    });
  }

  private update(patch: Partial<RoomState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...patch };
    this.emit('state', this.state);
  }

  private finish(reason: string, message?: string): void {
    if (this.phase.name === 'over') return;
    for (const forget of this.forget) forget();
    this.mesh.close();
    this.setPhase(message ? { name: 'over', reason, message } : { name: 'over', reason });
  }

  private setPhase(phase: Phase): void {
    this.phase = phase;
    this.emit('phase', phase);
  }
}
