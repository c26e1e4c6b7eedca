// What this browser and its network can do: devices, STUN, TURN over each transport, both families.
import type { IceServer } from '../client';
import { http } from '../app/http';
import { troubleOf, type Trouble } from './local';

export const kChecks = ['microphone', 'camera', 'speaker', 'stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'ipv4', 'ipv6'] as const;
export type Check = (typeof kChecks)[number];
export type Result = 'ok' | 'failed' | 'skipped';

export interface Finding {
  check: Check;
  result: Result;
  ms?: number;
  reason?: Trouble | 'no-server' | 'no-answer' | 'no-address' | 'silent' | 'expired';
  detail?: string;
}

interface TurnConfig {
  iceServers: IceServer[];
}

const kWaitMs = 8_000;

export async function iceServers(): Promise<IceServer[]> {
  return (await http.get<TurnConfig>('/api/turn/config')).iceServers;
}

// One address per entry, so that each can be tried alone.
function each(servers: IceServer[]): IceServer[] {
  return servers.flatMap((server) => [server.urls].flat().map((urls) => ({ ...server, urls })));
}

function over(server: IceServer, check: Check): boolean {
  const url = String(server.urls);
  if (check === 'stun') return /^stuns?:/.test(url);
  if (check === 'turn-tls') return url.startsWith('turns:');
  if (!url.startsWith('turn:')) return false;
  return check === 'turn-tcp' ? /transport=tcp/.test(url) : !/transport=tcp/.test(url);
}

// Gathers until a candidate of this kind comes; the first is enough.
export function gather(servers: IceServer[], kind: 'relay' | 'srflx', waitMs = kWaitMs): Promise<{ candidate: RTCIceCandidate | null; error?: string }> {
  return new Promise((resolve) => {
    const connection = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: kind === 'relay' ? 'relay' : 'all' });
    let error: string | undefined;
    const done = (candidate: RTCIceCandidate | null) => {
      clearTimeout(timer);
      connection.onicecandidate = connection.onicecandidateerror = null;
      connection.close();
      resolve({ candidate, error });
    };
    const timer = setTimeout(() => done(null), waitMs);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) done(null);
      else if (candidate.type === kind) done(candidate);
    };
    connection.onicecandidateerror = (event) => (error = `${event.errorCode} ${event.errorText}`);
    connection.createDataChannel('check');
    connection.setLocalDescription().catch(() => done(null));
  });
}

export async function checkNetwork(check: Check, servers: IceServer[]): Promise<Finding> {
  const mine = each(servers).filter((server) => over(server, check));
  if (mine.length === 0) return { check, result: 'skipped', reason: 'no-server' };
  const started = performance.now();
  const { candidate, error } = await gather(mine, check === 'stun' ? 'srflx' : 'relay');
  if (candidate) return { check, result: 'ok', ms: Math.round(performance.now() - started), detail: candidate.address ?? undefined };
  // On an open network the server sees the address that we have ourselves: then there is no candidate of its own.
  if (check === 'stun' && !error) return { check, result: 'ok', ms: Math.round(performance.now() - started) };
  return { check, result: 'failed', reason: error?.startsWith('401') ? 'expired' : 'no-answer', detail: error };
}

export async function checkFamily(check: 'ipv4' | 'ipv6', servers: IceServer[]): Promise<Finding> {
  const addresses = await allAddresses(servers);
  const found = addresses.find((address) => address.includes(':') === (check === 'ipv6'));
  return found ? { check, result: 'ok', detail: found } : { check, result: check === 'ipv6' ? 'skipped' : 'failed', reason: 'no-address' };
}

function allAddresses(servers: IceServer[]): Promise<string[]> {
  return new Promise((resolve) => {
    const connection = new RTCPeerConnection({ iceServers: servers });
    const addresses: string[] = [];
    const done = () => {
      clearTimeout(timer);
      connection.onicecandidate = null;
      connection.close();
      resolve(addresses);
    };
    const timer = setTimeout(done, kWaitMs / 2);
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) return done();
      for (const address of [candidate.address, candidate.relatedAddress]) if (address && !address.endsWith('.local')) addresses.push(address);
    };
    connection.createDataChannel('check');
    connection.setLocalDescription().catch(done);
  });
}

export async function checkInput(check: 'microphone' | 'camera'): Promise<Finding> {
  if (!navigator.mediaDevices?.getUserMedia) return { check, result: 'failed', reason: 'insecure' };
  try {
    const stream = await navigator.mediaDevices.getUserMedia(check === 'microphone' ? { audio: true } : { video: true });
    const track = stream.getTracks()[0]!;
    const { width, height } = track.getSettings();
    const detail = [track.label, width && height ? `${width}×${height}` : ''].filter(Boolean).join(', ');
    track.stop();
    return { check, result: 'ok', detail };
  } catch (error) {
    return { check, result: 'failed', reason: troubleOf(error) };
  }
}

export async function checkSpeaker(): Promise<Finding> {
  try {
    const audio = new AudioContext();
    await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    const running = audio.state === 'running';
    await audio.close();
    return running ? { check: 'speaker', result: 'ok' } : { check: 'speaker', result: 'skipped', reason: 'silent' };
  } catch {
    return { check: 'speaker', result: 'failed', reason: 'none' };
  }
}

export function run(check: Check, servers: IceServer[]): Promise<Finding> {
  switch (check) {
    case 'microphone':
    case 'camera':
      return checkInput(check);
    case 'speaker':
      return checkSpeaker();
    case 'ipv4':
    case 'ipv6':
      return checkFamily(check, servers);
    default:
      return checkNetwork(check, servers);
  }
}
