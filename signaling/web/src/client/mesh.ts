// All the people of a room, each over a connection of its own: who is there, what we send them, how well it goes.
import { browserEnvironment, type Environment } from './environment';
import { Emitter } from './events';
import { cameraRung, encodingFor, kMostCameras, screenRung, Share } from './ladder';
import { Peer, type PeerState, type Slot } from './peer';
import type { IceServer } from './protocol';
import { fingerprintOf } from './sdp';
import { gradeOf, readQuality, type Counters, type Quality } from './quality';

// How the mesh talks to the others: through the room's signaling.
export interface Signaling {
  sendDescription(peerId: string, description: RTCSessionDescriptionInit): void;
  sendCandidates(peerId: string, candidates: (RTCIceCandidateInit | null)[]): void;
  sendStats(peers: Record<string, object>): void;
}

export interface MeshOptions {
  signaling: Signaling;
  environment?: Environment;
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

interface MeshEvents {
  state: { peerId: string; state: PeerState };
  track: { peerId: string; slot: Slot; track: MediaStreamTrack };
  quality: { peerId: string; quality: Quality };
}

interface Member {
  peer: Peer;
  polite: boolean;
  left: string | null; // whom our connection before this one was with
  counters: Counters | null;
  quality: Quality | null;
  share: Share;
}

const kSampleMs = 2_000;
const kReportEvery = 5; // samples

export class Mesh extends Emitter<MeshEvents> {
  private readonly environment: Environment;
  private readonly members = new Map<string, Member>();
  private readonly tracks = new Map<Slot, MediaStreamTrack | null>();
  private servers: IceServer[] = [];
  private policy: RTCIceTransportPolicy = 'all';
  private relayOnly = false;
  private speaking = true; // whether our camera is one of those sent in a large room
  private samples = 0;
  private cancelSample = () => {};

  constructor(private readonly options: MeshOptions) {
    super();
    this.environment = options.environment ?? browserEnvironment;
  }

  get configuration(): RTCConfiguration {
    return {
      iceServers: this.servers,
      iceTransportPolicy: this.relayOnly ? 'relay' : this.policy,
      bundlePolicy: 'max-bundle',
    };
  }

  get size(): number {
    return this.members.size;
  }

  peer(peerId: string): Peer | undefined {
    return this.members.get(peerId)?.peer;
  }

  quality(peerId: string): Quality | null {
    return this.members.get(peerId)?.quality ?? null;
  }

  add(peerId: string, part: { polite: boolean; initiator: boolean }): Peer {
    const known = this.members.get(peerId);
    if (known) return known.peer;
    const peer = this.connect(peerId, part);
    this.members.set(peerId, { peer, polite: part.polite, left: null, counters: null, quality: null, share: new Share() });
    peer.start(this.tracks);
    if (this.members.size === 1) this.schedule();
    return peer;
  }

  // An offer of another connection than the one we know: the other began anew, and so do we.
  async onDescription(peerId: string, description: RTCSessionDescriptionInit): Promise<void> {
    const member = this.members.get(peerId);
    if (!member) return;
    const { signalingState, remoteDescription } = member.peer.connection;
    const [sender, known] = [fingerprintOf(description.sdp), fingerprintOf(remoteDescription?.sdp)];
    if (description.type === 'offer') {
      if (!remoteDescription && sender && sender === member.left) return; // sent before they heard that we began anew
      const both = !remoteDescription && signalingState === 'have-local-offer' && member.polite;
      if (both || (known && sender !== known)) this.replace(peerId, member, false);
    }
    await member.peer.onDescription(description);
  }

  remove(peerId: string): void {
    this.members.get(peerId)?.peer.close();
    this.members.delete(peerId);
    if (this.members.size === 0) this.cancelSample();
  }

  close(): void {
    for (const peerId of [...this.members.keys()]) this.remove(peerId);
  }

  // Drops those who are not in the list; the others keep their connection.
  retain(peerIds: Iterable<string>): void {
    const here = new Set(peerIds);
    for (const peerId of [...this.members.keys()]) if (!here.has(peerId)) this.remove(peerId);
  }

  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks.set(slot, track);
    for (const { peer } of this.members.values()) peer.setTrack(slot, track);
    this.adapt();
  }

  // New servers or credentials: used for the next gathering, by itself no reason to interrupt anything.
  setServers(servers: IceServer[], policy: RTCIceTransportPolicy = this.policy): void {
    this.servers = servers;
    this.policy = policy;
    this.configureAll();
  }

  setRelayOnly(relayOnly: boolean): void {
    if (this.relayOnly === relayOnly) return;
    this.relayOnly = relayOnly;
    this.configureAll();
    if (!relayOnly) return this.restartAll();
    // Chromium keeps a direct way that stands beside the new ones, and prefers it: only another connection is without it.
    for (const [peerId, member] of this.members) this.replace(peerId, member, true);
  }

  setSpeaking(speaking: boolean): void {
    if (this.speaking === speaking) return;
    this.speaking = speaking;
    this.adapt();
  }

  restartAll(): void {
    for (const { peer } of this.members.values()) peer.restart();
  }

  recoverAll(): void {
    for (const { peer } of this.members.values()) peer.recover();
  }

  // How loud each of them is just now, 0 to 1.
  levels(): Map<string, number> {
    const levels = new Map<string, number>();
    for (const [peerId, { peer }] of this.members) {
      const source = peer.receiver('audio')?.getSynchronizationSources?.()[0];
      levels.set(peerId, source?.audioLevel ?? 0);
    }
    return levels;
  }

  async sample(): Promise<void> {
    await Promise.all([...this.members].map(([peerId, member]) => this.sampleOne(peerId, member)));
    this.adapt();
    if (++this.samples % kReportEvery === 0) this.report();
  }

  private connect(peerId: string, part: { polite: boolean; initiator: boolean }): Peer {
    const create = this.options.createConnection ?? ((configuration) => new RTCPeerConnection(configuration));
    const peer = new Peer({
      ...part,
      connection: create(this.configuration),
      environment: this.environment,
      sendDescription: (description) => this.options.signaling.sendDescription(peerId, description),
      sendCandidates: (candidates) => this.options.signaling.sendCandidates(peerId, candidates),
    });
    peer.on('state', (state) => this.emit('state', { peerId, state }));
    peer.on('track', ({ slot, track }) => this.emit('track', { peerId, slot, track }));
    return peer;
  }

  private replace(peerId: string, member: Member, initiator: boolean): void {
    const { peer, polite } = member;
    member.left = fingerprintOf(peer.connection.remoteDescription?.sdp) ?? member.left;
    peer.close();
    member.peer = this.connect(peerId, { polite, initiator });
    member.counters = member.quality = null;
    this.emit('state', { peerId, state: member.peer.state });
    member.peer.start(this.tracks);
  }

  private async sampleOne(peerId: string, member: Member): Promise<void> {
    const { peer } = member;
    const report = await peer.connection.getStats();
    if (this.members.get(peerId)?.peer !== peer) return;
    const { quality, counters } = readQuality([...report.values()], this.environment.now(), member.counters);
    member.quality = quality;
    member.counters = counters;
    member.share.observe(quality.lossOutPct);
    member.peer.noteQuality(gradeOf(quality) === 'poor');
    this.emit('quality', { peerId, quality });
  }

  private schedule(): void {
    this.cancelSample = this.environment.after(kSampleMs, () => {
      void this.sample().catch(() => {});
      if (this.members.size > 0) this.schedule();
    });
  }

  private report(): void {
    const peers: Record<string, object> = {};
    for (const [peerId, { peer, quality }] of this.members) {
      if (!quality) continue;
      const { protocol, rttMs, lossPct, jitterMs, kbpsIn, kbpsOut } = quality;
      const path = quality.path === 'none' ? undefined : quality.path === 'direct' ? 'direct' : 'relay';
      peers[peerId] = { path, protocol, rttMs, lossPct, jitterMs, kbpsIn, kbpsOut, iceRestarts: peer.restarts, state: peer.state };
    }
    if (Object.keys(peers).length > 0) this.options.signaling.sendStats(peers);
  }

  private configureAll(): void {
    for (const { peer } of this.members.values()) peer.configure(this.configuration);
  }

  private adapt(): void {
    for (const member of this.members.values()) {
      const camera = this.size <= kMostCameras || this.speaking;
      void this.limit(member, 'video', encodingFor(cameraRung(this.size), this.heightOf('video'), member.share.value, camera));
      void this.limit(member, 'screen', encodingFor(screenRung(this.size), this.heightOf('screen'), member.share.value, true));
    }
  }

  private heightOf(slot: Slot): number {
    return this.tracks.get(slot)?.getSettings?.().height ?? 0;
  }

  private async limit(member: Member, slot: Slot, encoding: ReturnType<typeof encodingFor>): Promise<void> {
    const sender = member.peer.sender(slot);
    if (!sender?.track) return;
    const parameters = sender.getParameters();
    const current = parameters.encodings?.[0];
    if (!current) return; // nothing negotiated yet
    const same = (Object.keys(encoding) as (keyof typeof encoding)[]).every((key) => current[key] === encoding[key]);
    if (same) return;
    Object.assign(current, encoding);
    await sender.setParameters(parameters).catch(() => {}); // a negotiation came between: the next sample tries again
  }
}
