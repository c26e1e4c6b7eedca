// The connection to one other person: perfect negotiation, restart of ICE, four slots of media in a fixed order.
//
// The initiator lays out all slots in its first offer, so that muting, the camera and screen sharing later only replace a
// track and never negotiate. A peer that lays out fewer is met half way: the slot is added when it is needed.
import { browserEnvironment, type Environment } from './environment';
import { Emitter } from './events';

export type Slot = 'audio' | 'video' | 'screen' | 'screenAudio';
export type PeerState = 'connecting' | 'connected' | 'unstable' | 'reconnecting' | 'failed';

export const kSlots: { slot: Slot; kind: 'audio' | 'video' }[] = [
  { slot: 'audio', kind: 'audio' },
  { slot: 'video', kind: 'video' },
  { slot: 'screen', kind: 'video' },
  { slot: 'screenAudio', kind: 'audio' },
];

export interface PeerOptions {
  polite: boolean;
  initiator: boolean;
  connection: RTCPeerConnection;
  sendDescription: (description: RTCSessionDescriptionInit) => void;
  sendCandidates: (candidates: (RTCIceCandidateInit | null)[]) => void;
  environment?: Environment;
}

interface PeerEvents {
  state: PeerState;
  track: { slot: Slot; track: MediaStreamTrack };
}

const kGatherMs = 40; // candidates that come together travel together
const kFirstMs = 20_000; // to the first connection, before we call it failed
const kUnstableMs = 2_500; // of no word before we say "reconnecting" and restart
const kLostMs = 45_000; // without connection, before we call it failed

export class Peer extends Emitter<PeerEvents> {
  state: PeerState = 'connecting';
  restarts = 0;
  away = false; // its signaling is cut; its media may well run

  private readonly environment: Environment;
  private readonly transceivers = new Map<Slot, RTCRtpTransceiver>();
  private readonly tracks = new Map<Slot, MediaStreamTrack | null>();
  private makingOffer = false;
  private settingAnswer = false;
  private ignoreOffer = false;
  private closed = false;
  private wasConnected = false;
  private outbox: (RTCIceCandidateInit | null)[] = [];
  private cancelFlush = () => {};
  private cancelDeadline = () => {};
  private cancelRestart = () => {};
  private cut: 'no' | 'waiting' | 'restarting' = 'no';
  private waitMs = 4_000;

  constructor(private readonly options: PeerOptions) {
    super();
    this.environment = options.environment ?? browserEnvironment;
    const connection = options.connection;
    connection.onnegotiationneeded = () => void this.offer();
    connection.onicecandidate = (event) => this.queueCandidate(event.candidate?.toJSON() ?? null);
    connection.oniceconnectionstatechange = () => this.connectionChanged();
    connection.onconnectionstatechange = () => this.connectionChanged();
    this.cancelDeadline = this.environment.after(kFirstMs, () => this.setState('failed'));
  }

  get connection(): RTCPeerConnection {
    return this.options.connection;
  }

  // Lays out the slots, which makes the first offer; the other side waits for it.
  start(tracks: Map<Slot, MediaStreamTrack | null>): void {
    for (const [slot, track] of tracks) this.tracks.set(slot, track);
    if (!this.options.initiator) return;
    for (const { slot, kind } of kSlots) {
      const track = this.tracks.get(slot);
      this.adopt(slot, this.connection.addTransceiver(track ?? kind, { direction: 'sendrecv' }));
    }
  }

  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks.set(slot, track);
    const transceiver = this.transceivers.get(slot);
    if (transceiver) void transceiver.sender.replaceTrack(track).catch(() => {});
    else if (track && this.connection.remoteDescription) this.adopt(slot, this.connection.addTransceiver(track));
  }

  sender(slot: Slot): RTCRtpSender | undefined {
    return this.transceivers.get(slot)?.sender;
  }

  receiver(slot: Slot): RTCRtpReceiver | undefined {
    return this.transceivers.get(slot)?.receiver;
  }

  async onDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const connection = this.connection;
    const ready = !this.makingOffer && (connection.signalingState === 'stable' || this.settingAnswer);
    const collision = description.type === 'offer' && !ready;
    this.ignoreOffer = !this.options.polite && collision;
    if (this.ignoreOffer || this.closed) return;
    this.settingAnswer = description.type === 'answer';
    try {
      await connection.setRemoteDescription(description);
    } finally {
      this.settingAnswer = false;
    }
    this.adoptAll();
    if (description.type !== 'offer' || this.closed) return;
    await connection.setLocalDescription();
    this.describe();
  }

  async onCandidates(candidates: (RTCIceCandidateInit | null)[]): Promise<void> {
    for (const candidate of candidates) {
      try {
        await this.connection.addIceCandidate(candidate ?? undefined);
      } catch (error) {
        // Candidates of an offer that was ignored, or the end of them in a browser that wants no such thing.
        if (!this.ignoreOffer && candidate && !this.closed) console.warn('candidate refused', error);
      }
    }
  }

  // New ways to each other: after a change of network, of the relays, or of the policy.
  restart(): void {
    if (this.closed) return;
    this.restarts++;
    this.connection.restartIce();
  }

  // After signaling was interrupted: an offer or answer may have been lost with it.
  recover(): void {
    if (this.connection.signalingState === 'have-local-offer') this.describe();
    else if (this.connection.connectionState !== 'connected' && this.options.initiator) this.restart();
  }

  configure(configuration: RTCConfiguration): void {
    this.connection.setConfiguration(configuration);
  }

  noteQuality(poor: boolean): void {
    if (this.connection.connectionState !== 'connected') return;
    if (this.connection.iceConnectionState === 'disconnected') return;
    this.setState(poor ? 'unstable' : 'connected');
  }

  close(): void {
    this.closed = true;
    this.cancelFlush();
    this.cancelDeadline();
    this.cancelRestart();
    const connection = this.connection;
    connection.onnegotiationneeded = connection.onicecandidate = null;
    connection.oniceconnectionstatechange = connection.onconnectionstatechange = null;
    connection.close();
  }

  private async offer(): Promise<void> {
    try {
      this.makingOffer = true;
      await this.connection.setLocalDescription();
      this.describe();
    } catch (error) {
      if (!this.closed) console.warn('no offer', error);
    } finally {
      this.makingOffer = false;
    }
  }

  private describe(): void {
    const description = this.connection.localDescription;
    if (description && !this.closed) this.options.sendDescription({ type: description.type, sdp: description.sdp });
  }

  private adopt(slot: Slot, transceiver: RTCRtpTransceiver): void {
    this.transceivers.set(slot, transceiver);
    this.emit('track', { slot, track: transceiver.receiver.track });
  }

  // Gives the transceivers that the other laid out their slots: by kind, in order of their lines.
  private adoptAll(): void {
    const known = new Set(this.transceivers.values());
    for (const transceiver of this.connection.getTransceivers()) {
      if (known.has(transceiver) || transceiver.mid === null) continue;
      const kind = transceiver.receiver.track.kind;
      const free = kSlots.find((entry) => entry.kind === kind && !this.transceivers.has(entry.slot));
      if (!free) continue;
      transceiver.direction = 'sendrecv';
      void transceiver.sender.replaceTrack(this.tracks.get(free.slot) ?? null).catch(() => {});
      this.adopt(free.slot, transceiver);
    }
  }

  private queueCandidate(candidate: RTCIceCandidateInit | null): void {
    this.outbox.push(candidate);
    if (this.outbox.length > 1) return;
    this.cancelFlush = this.environment.after(kGatherMs, () => {
      const candidates = this.outbox;
      this.outbox = [];
      this.options.sendCandidates(candidates);
    });
  }

  private connectionChanged(): void {
    if (this.closed) return;
    const ice = this.connection.iceConnectionState;
    if (this.connection.connectionState === 'connected' && (ice === 'connected' || ice === 'completed')) {
      this.wasConnected = true;
      this.cut = 'no';
      this.waitMs = 4_000;
      this.cancelDeadline();
      this.cancelRestart();
      this.setState('connected');
    } else if (ice === 'disconnected' && this.cut === 'no') {
      this.setState('unstable');
      this.interrupted(kUnstableMs);
    } else if ((ice === 'failed' || this.connection.connectionState === 'failed') && this.cut !== 'restarting') {
      this.interrupted(0);
    }
  }

  private interrupted(patienceMs: number): void {
    if (this.cut === 'no' && this.wasConnected) {
      this.cancelDeadline();
      this.cancelDeadline = this.environment.after(kLostMs, () => this.setState('failed'));
    }
    this.cut = 'waiting';
    this.restartIn(patienceMs);
  }

  // Restarts after a moment, and again at growing intervals for as long as it stays cut. The initiator goes first: two
  // restarts at once are a collision for nothing.
  private restartIn(waitMs: number): void {
    this.cancelRestart();
    this.cancelRestart = this.environment.after(waitMs + (this.options.initiator ? 0 : 1_500), () => {
      this.cut = 'restarting';
      if (this.state !== 'failed') this.setState(this.wasConnected ? 'reconnecting' : 'connecting');
      this.restart();
      this.waitMs = Math.min(30_000, this.waitMs * 1.7);
      this.restartIn(this.waitMs);
    });
  }

  private setState(state: PeerState): void {
    if (state === this.state || this.closed) return;
    this.state = state;
    this.emit('state', state);
  }
}
