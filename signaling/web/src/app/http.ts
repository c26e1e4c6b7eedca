// The HTTP interface: cookies, the CSRF header, and one renewal when the access token has run out.
import { SignalError } from '../client/failure';

export class HttpError extends SignalError {
  constructor(readonly status: number, body: Record<string, unknown>) {
    super(String(body.code ?? 'internal'), String(body.message ?? `HTTP ${status}`), status === 429 || status >= 500,
      undefined, (body.details as Record<string, unknown>) ?? {});
    this.fields = (body.errors as Record<string, string[]>) ?? {};
  }

  readonly fields: Record<string, string[]>;
}

export function csrf(): string | null {
  return /(?:^|; )csrf=([^;]+)/.exec(document.cookie)?.[1] ?? null;
}

async function once(method: string, path: string, body?: unknown, raw?: Blob): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (raw) headers['Content-Type'] = raw.type || 'application/octet-stream';
  const token = csrf();
  if (token && method !== 'GET') headers['X-CSRF-Token'] = token;
  try {
    return await fetch(path, { method, headers, credentials: 'same-origin', body: raw ?? (body === undefined ? undefined : JSON.stringify(body)) });
  } catch {
    throw new HttpError(0, { code: 'offline' });
  }
}

export interface Renewal {
  ok: boolean;
  token?: string; // when it was this tab that renewed
}

const kRenewedKey = 'signald.renewedAt';
let renewal: Promise<Renewal> | null = null;

export function renewedAt(): number {
  return Number(localStorage.getItem(kRenewedKey) ?? 0);
}

export function noteRenewal(): void {
  localStorage.setItem(kRenewedKey, String(Date.now()));
}

// One tab after the other: a refresh token works once, and a second use of it would sign everybody out.
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return (await navigator.locks.request('signald.renewal', work)) as T;
}

export function renew(): Promise<Renewal> {
  const before = renewedAt();
  renewal ??= exclusively(async () => {
    if (renewedAt() > before) return { ok: true }; // another tab was faster
    const response = await once('POST', '/api/auth/refresh', {});
    if (response.ok) noteRenewal();
    const { access_token: token } = (await response.json().catch(() => ({}))) as { access_token?: string };
    return { ok: response.ok, token };
  }).finally(() => (renewal = null));
  return renewal;
}

async function call<T>(method: string, path: string, body?: unknown, raw?: Blob): Promise<T> {
  let response = await once(method, path, body, raw);
  if (response.status === 401 && csrf() && !path.startsWith('/api/auth/log') && (await renew().catch(() => ({ ok: false }))).ok) {
    response = await once(method, path, body, raw);
  }
  const text = await response.text();
  let value: unknown = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch {
    // A proxy's page; the status says enough.
  }
  if (!response.ok) throw new HttpError(response.status, value as Record<string, unknown>);
  return value as T;
}

export const http = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: <T>(path: string) => call<T>('DELETE', path),
  upload: <T>(path: string, part: Blob) => call<T>('PUT', path, undefined, part),
};
