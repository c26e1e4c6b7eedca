// One signald.v1 session over as many sockets as it takes: authenticates, resumes, repeats what was not acknowledged.
//
// Pushes arrive in order and once. Requests made while no socket is open wait for the next one. When a session cannot be
// resumed, `reset` is emitted: its listener joins again and then calls resendPending().
import { Backoff } from './backoff';
import { browserEnvironment, type Environment, type Socket } from './environment';
import { Emitter } from './events';
import { SignalError } from './failure';
import { mayReconnect, type AuthOk, type Frame, type User } from './protocol';
import { Requests } from './requests';

// Who we are; asked before every socket, so that an expired token can be renewed. `{}` relies on the page's cookie.
export type Credentials = { token?: string; guest?: { name: string; secret?: string } };

export interface ConnectionOptions {
  url: string;
  credentials: () => Promise<Credentials>;
  client?: { name: string; version: string; features?: string[] };
  environment?: Environment;
  requestTimeoutMs?: number;
}

export type ConnectionState =
  | { name: 'idle' | 'connecting' | 'connected' }
  | { name: 'reconnecting'; since: number; retryAt: number | null }
  | { name: 'closed'; code: number; reason: string };

interface ConnectionEvents {
  state: ConnectionState;
  push: Frame;
  user: User;
  reset: void;
  expiring: { expiresAt: string };
}

interface Session {
  id: string;
  token: string;
  ttlMs: number; // how long after the loss of its socket it can be resumed
  s: number;
}

const kSilenceMs = 15_000; // nothing heard for so long: ask
const kAnswerMs = 6_000; // no answer for so long: the socket is dead
const kOpenMs = 10_000; // for a socket to open and authenticate
const kTriesInTime = 3; // at least, in what is left of the time to resume
const kLeastBoundMs = 2_000; // of the wait between them
const kReconnectCode = 3001; // on purpose, but to come back: any code but 1000 keeps the session

export class Connection extends Emitter<ConnectionEvents> {
  state: ConnectionState = { name: 'idle' };
  user: User | null = null;
  guestSecret: string | null = null;
  refusal: SignalError | null = null; // why the last `auth` failed

  private readonly environment: Environment;
  private readonly requests = new Requests();
  private readonly backoff: Backoff;
  private socket: Socket | null = null;
  private session: Session | null = null;
  private authId: number | null = null;
  private bye: { reason: string; reconnect: boolean } | null = null;
  private refused = 0; // 4401 in a row
  private heardAt = 0;
  private heard = 0; // frames, ever
  private cancelRetry = () => {};
  private cancelWatch = () => {};

  constructor(private readonly options: ConnectionOptions) {
    super();
    this.environment = options.environment ?? browserEnvironment;
    this.backoff = new Backoff(() => this.environment.random());
  }

  open(): void {
    if (this.state.name !== 'idle' && this.state.name !== 'closed') return;
    this.setState({ name: 'connecting' });
    void this.connect();
  }

  // Ends the session on purpose: nobody waits for us.
  close(): void {
    this.session = null;
    this.drop(1000, 'bye');
    this.requests.failAll(new SignalError('closed'), false);
    this.setState({ name: 'closed', code: 1000, reason: 'bye' });
  }

  request(type: string, fields: object = {}, options: { durable?: boolean; timeoutMs?: number } = {}): Promise<Frame> {
    if (this.state.name === 'closed') return Promise.reject(new SignalError('closed'));
    const id = this.requests.nextId();
    const frame: Frame = { type, id, ...fields };
    return new Promise((resolve, reject) => {
      const timeout = options.timeoutMs ?? this.options.requestTimeoutMs ?? 40_000;
      const cancelTimer = this.environment.after(timeout, () =>
        this.requests.fail(id, new SignalError('timeout', 'no answer', true)));
      const now = this.state.name === 'connected' && this.socket !== null;
      this.requests.add({ frame, durable: options.durable ?? false, resolve, reject, cancelTimer, sentOver: now ? this.socket! : undefined });
      if (now) this.send(frame);
    });
  }

  // Without an answer, and lost when there is no socket: for what is old a moment later.
  notify(type: string, fields: object = {}): void {
    if (this.state.name === 'connected') this.send({ type, ...fields });
  }

  resendPending(): void {
    if (!this.socket) return;
    for (const frame of this.requests.takeUnsent(this.socket)) this.send(frame);
  }

  // The network may have changed, or the page was asleep: find out at once whether the socket lives.
  probe(): void {
    if (this.state.name === 'reconnecting' && !this.socket) {
      this.cancelRetry();
      void this.connect();
    } else if (this.state.name === 'connected') {
      this.ping(2_500);
    }
  }

  refresh(token: string): Promise<Frame> {
    return this.request('auth-refresh', { token });
  }

  private async connect(): Promise<void> {
    this.bye = null;
    this.refusal = null;
    let credentials: Credentials;
    try {
      credentials = await this.options.credentials();
    } catch {
      return this.retry(); // the way to the server is closed for HTTP as well
    }
    if (this.state.name === 'closed' || this.socket) return;
    const socket = this.environment.openSocket(this.options.url, 'signald.v1');
    this.socket = socket;
    this.cancelWatch();
    this.cancelWatch = this.environment.after(kOpenMs, () => this.lost(socket, 1006, 'timeout'));
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(String(event.data), credentials);
    };
    socket.onclose = (event) => this.lost(socket, event.code, event.reason);
  }

  private receive(text: string, credentials: Credentials): void {
    this.heardAt = this.environment.now();
    this.heard++;
    const frame = JSON.parse(text) as Frame;
    if (frame.type === 'hello') return this.authenticate(credentials);
    if (frame.type === 'auth-ok') {
      // A cookie authenticates the socket by itself; the answer that counts is the one to our own `auth`.
      if (frame.id === this.authId) this.authenticated(frame as AuthOk);
      return;
    }
    if (frame.type === 'error' && frame.id === this.authId) {
      this.refusal = SignalError.from(frame);
      return;
    }
    if (this.requests.settle(frame)) return;
    if (typeof frame.s === 'number' && this.session) {
      if (frame.s <= this.session.s) return; // seen before the resume
      this.session.s = frame.s;
    }
    this.handlePush(frame);
  }

  private handlePush(frame: Frame): void {
    switch (frame.type) {
      case 'bye':
        this.bye = { reason: String(frame.reason), reconnect: frame.reconnect === true };
        break;
      case 'going-away':
        this.leaveDraining(Number(frame.reconnectAfterMs ?? 0), Number(frame.jitterMs ?? 0));
        break;
      case 'auth-expiring':
        this.emit('expiring', { expiresAt: String(frame.expiresAt) });
        break;
      case 'pong':
        break;
      default:
        this.emit('push', frame);
    }
  }

  private authenticate(credentials: Credentials): void {
    this.authId = this.requests.nextId();
    const resume = this.session && { sessionId: this.session.id, resumeToken: this.session.token, s: this.session.s };
    const client = { features: ['perfect-negotiation'], ...(this.options.client ?? { name: 'signald-client', version: '1' }) };
    this.send({ type: 'auth', id: this.authId, ...credentials, ...(resume ? { resume } : {}), client });
  }

  private authenticated(frame: AuthOk): void {
    const had = this.session;
    const resumed = frame.resumed && had !== null;
    this.session = {
      id: frame.sessionId, token: frame.resumeToken, ttlMs: frame.resumeTtlMs, s: resumed ? had.s : frame.s,
    };
    this.user = frame.user;
    if (frame.guestSecret) this.guestSecret = frame.guestSecret;
    this.backoff.reset();
    this.refused = 0;
    this.watch();
    this.setState({ name: 'connected' });
    this.emit('user', frame.user);
    if (had && !resumed) {
      this.requests.failAll(new SignalError('session_lost', 'the session is gone', true), true);
      this.emit('reset', undefined);
    } else {
      this.resendPending();
    }
  }

  private lost(socket: Socket, code: number, reason: string): void {
    if (this.socket !== socket) return;
    this.drop(kReconnectCode, 'lost');
    if (code === 4401 && this.mayAuthenticateAgain()) return this.retry();
    if (code === 4504) this.session = null;
    if (this.bye ? this.bye.reconnect || code === 4429 : mayReconnect(code)) return this.retry();
    const why = this.refusal?.code ?? this.bye?.reason ?? reason;
    this.session = null;
    this.requests.failAll(this.refusal ?? new SignalError('closed', why), false);
    this.setState({ name: 'closed', code, reason: why });
  }

  // A token that ran out is renewed by `credentials`; twice in a row means that it cannot be.
  private mayAuthenticateAgain(): boolean {
    const expired = this.refusal?.code === 'token_expired' || this.bye?.reason === 'token_expired';
    return expired && ++this.refused < 2;
  }

  private retry(): void {
    if (this.state.name === 'closed') return;
    const now = this.environment.now();
    const since = this.state.name === 'reconnecting' ? this.state.since : now;
    // As long as the session can be resumed, there are several tries in the time that is left for it.
    const left = this.session ? since + this.session.ttlMs - now : 0;
    const wait = left > 0 ? this.backoff.next(Math.max(left / kTriesInTime, kLeastBoundMs)) : this.backoff.next();
    this.setState({ name: 'reconnecting', since, retryAt: now + wait });
    this.cancelRetry = this.environment.after(wait, () => {
      this.setState({ name: 'reconnecting', since, retryAt: null });
      void this.connect();
    });
  }

  // The server drains: go before it closes, each of us at another moment.
  private leaveDraining(afterMs: number, jitterMs: number): void {
    const socket = this.socket;
    this.environment.after(afterMs + this.environment.random() * jitterMs, () => {
      if (socket && this.socket === socket) this.lost(socket, 1012, 'going_away');
    });
  }

  private watch(): void {
    this.cancelWatch();
    this.cancelWatch = this.environment.after(kSilenceMs, () => {
      if (this.environment.now() - this.heardAt >= kSilenceMs) this.ping(kAnswerMs);
      else this.watch();
    });
  }

  private ping(withinMs: number): void {
    const socket = this.socket;
    const heard = this.heard;
    this.notify('ping', { t: Math.round(this.environment.now()) });
    this.cancelWatch();
    this.cancelWatch = this.environment.after(withinMs, () => {
      if (!socket || this.socket !== socket) return;
      if (this.heard === heard) this.lost(socket, 1006, 'no answer');
      else this.watch();
    });
  }

  private drop(code: number, reason: string): void {
    this.cancelWatch();
    this.cancelRetry();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onopen = null;
    try {
      socket.close(code, reason);
    } catch {
      // It was never open.
    }
  }

  private send(frame: Frame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  private setState(state: ConnectionState): void {
    this.state = state;
    this.emit('state', state);
  }
}
