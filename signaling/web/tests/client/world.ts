// A world for the library's tests: a virtual clock, sockets with a server at the other end, peer connections of paper.
import { Connection, type Environment, type Frame, type Socket } from '../../src/client';

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  sent: Frame[] = [];
  closedWith: number | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code?: number): void {
    this.closedWith = code ?? 1000;
  }

  says(frame: Frame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }

  last(type: string): Frame {
    const found = this.sent.filter((frame) => frame.type === type).pop();
    if (!found) throw new Error(`nothing of type ${type} was sent, but ${JSON.stringify(this.sent)}`);
    return found;
  }
}

export class World implements Environment {
  sockets: FakeSocket[] = [];
  private time = 0;
  private timers: { at: number; run: () => void }[] = [];

  now = () => this.time;
  random = () => 0.5;

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  openSocket(): FakeSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }

  get socket(): FakeSocket {
    return this.sockets[this.sockets.length - 1]!;
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = due.at;
      due.run();
    }
    this.time = end;
    await settled();
  }
}

// Until every promise that could go on has done so.
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export const kUser = { id: 'g:1', name: 'Anna', username: null, role: 'guest', guest: true };

export function connect(world: World): Connection {
  const connection = new Connection({
    url: 'ws://test/ws',
    credentials: async () => ({ guest: { name: 'Anna' } }),
    environment: world,
  });
  connection.open();
  return connection;
}

export async function accept(world: World, session: Partial<Frame> = {}): Promise<void> {
  await settled();
  world.socket.says({ type: 'hello', protocol: 1 });
  const auth = world.socket.last('auth');
  world.socket.says({
    type: 'auth-ok', id: auth.id, sessionId: 'S1', resumeToken: 'T1', resumeTtlMs: 30000, resumed: false, s: 0, user: kUser, ...session,
  });
  await settled();
}

export async function connected(world: World): Promise<Connection> {
  const connection = connect(world);
  await accept(world);
  return connection;
}

// The little of an RTCPeerConnection that the library uses, with the signaling states of JSEP.
export class PaperConnection {
  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  transceivers: PaperTransceiver[] = [];
  candidates: unknown[] = [];
  restarts = 0;
  closed = false;
  stats: object[] = [];
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: unknown) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  private count = 0;

  constructor(public configuration: RTCConfiguration = {}) {}

  addTransceiver(trackOrKind: unknown): PaperTransceiver {
    const kind = typeof trackOrKind === 'string' ? trackOrKind : (trackOrKind as { kind: string }).kind;
    const transceiver = new PaperTransceiver(kind, typeof trackOrKind === 'string' ? null : trackOrKind);
    this.transceivers.push(transceiver);
    if (this.transceivers.length === 1) queueMicrotask(() => this.onnegotiationneeded?.());
    return transceiver;
  }

  getTransceivers = () => this.transceivers;

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    this.localDescription = { type, sdp: `${type} ${++this.count}` };
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    const laidOut = description.type === 'offer' ? (description.sdp ?? '').split(' ').filter((word) => /^(audio|video)$/.test(word)) : [];
    for (const kind of laidOut.slice(this.transceivers.length)) this.transceivers.push(new PaperTransceiver(kind, null));
    this.transceivers.forEach((transceiver, index) => (transceiver.mid = String(index)));
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  restartIce(): void {
    this.restarts++;
    if (this.signalingState === 'stable') queueMicrotask(() => this.onnegotiationneeded?.());
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map(this.stats.map((stat) => [(stat as { id: string }).id, stat]));
  }

  close(): void {
    this.closed = true;
  }

  becomes(ice: string, connection = ice): void {
    this.iceConnectionState = ice;
    this.connectionState = connection;
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }
}

export class PaperTransceiver {
  mid: string | null = null;
  direction = 'sendrecv';
  receiver: { track: { kind: string } };
  sender = {
    track: null as unknown,
    parameters: { encodings: [{}] as Record<string, unknown>[] },
    replaceTrack: async (track: unknown) => {
      this.sender.track = track;
    },
    getParameters: () => structuredClone(this.sender.parameters),
    setParameters: async (parameters: { encodings: Record<string, unknown>[] }) => {
      this.sender.parameters = parameters;
    },
  };

  constructor(kind: string, track: unknown) {
    this.receiver = { track: { kind } };
    this.sender.track = track;
  }
}

export const paper = (connection: unknown) => connection as RTCPeerConnection;
