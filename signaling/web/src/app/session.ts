// Who is using this browser, and their one connection to the server.
import { signal } from '@preact/signals';
import { Connection, SignalError, type ConnectionState, type Credentials } from '../client';
import { csrf, http, noteRenewal, renew, renewedAt } from './http';
import { inLobby, name } from './settings';

export interface Account {
  id: number;
  name: string;
  email: string;
  username: string | null;
  age: number | null;
  role: 'user' | 'admin';
  isVerified?: boolean;
}

export const account = signal<Account | null>(null);
export const connectionState = signal<ConnectionState>({ name: 'idle' });

const kRenewMs = 10 * 60_000; // access tokens live 15 minutes by default

export async function loadAccount(): Promise<void> {
  try {
    // Without the readable cookie there is nobody to ask for.
    account.value = csrf() ? (await http.get<{ data: Account }>('/api/auth/me')).data : null;
    if (account.value && account.value.id === null) account.value = null;
  } catch {
    account.value = null;
  }
}

export async function signIn(path: 'login' | 'signup', fields: object): Promise<void> {
  const answer = await http.post<{ data: Account }>(`/api/auth/${path}`, fields);
  noteRenewal();
  account.value = answer.data;
  name.value = answer.data.name;
  disconnect();
}

export async function signOut(): Promise<void> {
  await http.post('/api/auth/logout').catch(() => {});
  account.value = null;
  inLobby.value = false;
  disconnect();
}

// A guest's proof of a name, for this tab: a second tab is a second guest.
const secrets = {
  read: (guest: string) => sessionStorage.getItem(`guest.${guest}`) ?? undefined,
  write: (guest: string, secret: string) => sessionStorage.setItem(`guest.${guest}`, secret),
};

let connection: Connection | null = null;
let guestName = '';

async function credentials(): Promise<Credentials> {
  if (account.value) {
    if (Date.now() - renewedAt() > kRenewMs) await renew();
    return {}; // the cookie says who we are
  }
  const secret = secrets.read(guestName);
  return { guest: { name: guestName, ...(secret ? { secret } : {}) } };
}

type ConnectionListener = (connection: Connection) => void;
const listeners: ConnectionListener[] = [];

// Called for every connection that is made, before it opens.
export function onConnection(listener: ConnectionListener): void {
  listeners.push(listener);
  if (connection) listener(connection);
}

export function connect(): Connection {
  if (connection && connection.state.name !== 'closed') return connection;
  guestName = name.value.trim() || 'Guest';
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const made = new Connection({
    url: `${scheme}://${location.host}/ws`,
    credentials,
    client: { name: 'signald-web', version: '1', features: ['perfect-negotiation'] },
  });
  connection = made;
  made.on('state', (state) => {
    if (connection !== made) return;
    if (state.name === 'closed' && renamed(made)) return;
    connectionState.value = state;
    if (state.name === 'connected' && made.guestSecret) secrets.write(guestName, made.guestSecret);
  });
  made.on('expiring', () => void extend(made));
  for (const listener of listeners) listener(made);
  made.open();
  return made;
}

// Somebody is connected under this name already: the server knows one that is free. The room shows the name we gave.
function renamed(made: Connection): boolean {
  const suggestion = made.refusal?.code === 'username_taken' ? made.refusal.details.suggestion : undefined;
  if (typeof suggestion !== 'string' || suggestion === guestName) return false;
  guestName = suggestion;
  made.open();
  return true;
}

// Without a new token the server closes the socket at the end, and the next one brings the renewed cookie.
async function extend(made: Connection): Promise<void> {
  const { token } = await renew().catch(() => ({ token: undefined }));
  if (token) await made.refresh(token).catch(() => {});
}

export function disconnect(): void {
  connection?.close();
  connection = null;
}

// The name changed: the next use connects under it.
export function rename(next: string): void {
  const clean = next.trim().slice(0, 40);
  if (clean === name.value && connection) return;
  name.value = clean;
  if (!account.value) disconnect();
}

export function currentUser() {
  return connection?.user ?? null;
}

addEventListener('online', () => connection?.probe());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') connection?.probe();
});

// Until the connection stands, or its refusal.
export function whenConnected(made: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (made.state.name === 'connected') resolve();
      else if (made.state.name === 'closed') reject(made.refusal ?? new SignalError('unavailable'));
      else return;
      forget();
    };
    const forget = made.on('state', look);
    look();
  });
}
