// What a connection is like, read from getStats().
export type Path = 'direct' | 'relay-udp' | 'relay-tcp' | 'relay-tls' | 'none';

export interface Quality {
  path: Path;
  protocol: 'udp' | 'tcp' | 'tls' | null; // to the relay, or to the other
  family: 'IPv4' | 'IPv6' | null;
  rttMs: number | null;
  lossPct: number; // of what the other sent to us
  lossOutPct: number; // of what we sent, as the other reports it
  jitterMs: number;
  kbpsIn: number;
  kbpsOut: number;
  codec: string | null;
  width: number;
  height: number;
  fps: number;
}

type Stat = Record<string, unknown> & { id: string; type: string };

// Counters of the moment before, from which rates are made.
export interface Counters {
  at: number; // milliseconds
  bytesIn: number;
  bytesOut: number;
  packetsIn: number;
  lostIn: number;
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

export function readQuality(report: Iterable<Stat>, now: number, before: Counters | null): { quality: Quality; counters: Counters } {
  const stats = new Map<string, Stat>();
  for (const stat of report) stats.set(stat.id, stat);
  const all = [...stats.values()];
  const pair = selectedPair(stats, all);
  const inbound = all.filter((stat) => stat.type === 'inbound-rtp');
  const counters: Counters = {
    at: now,
    bytesIn: number(pair?.bytesReceived),
    bytesOut: number(pair?.bytesSent),
    packetsIn: inbound.reduce((sum, stat) => sum + number(stat.packetsReceived), 0),
    lostIn: inbound.reduce((sum, stat) => sum + Math.max(0, number(stat.packetsLost)), 0),
  };
  const since = before && counters.bytesIn >= before.bytesIn ? before : null;
  const seconds = since ? Math.max(0.001, (now - since.at) / 1000) : 0;
  const rate = (current: number, earlier: number) => (since ? Math.max(0, Math.round(((current - earlier) * 8) / 1000 / seconds)) : 0);
  const lost = since ? Math.max(0, counters.lostIn - since.lostIn) : 0;
  const got = since ? Math.max(0, counters.packetsIn - since.packetsIn) : 0;
  const quality: Quality = {
    ...pathOf(pair, stats),
    rttMs: typeof pair?.currentRoundTripTime === 'number' ? Math.round(pair.currentRoundTripTime * 1000) : null,
    lossPct: percent(lost, lost + got),
    lossOutPct: lossReported(all),
    jitterMs: Math.round(Math.max(0, ...inbound.map((stat) => number(stat.jitter))) * 1000),
    kbpsIn: rate(counters.bytesIn, since?.bytesIn ?? 0),
    kbpsOut: rate(counters.bytesOut, since?.bytesOut ?? 0),
    ...pictureOf(inbound, stats),
  };
  return { quality, counters };
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0;
}

// The pair in use: the transport names it; Firefox marks it instead.
function selectedPair(stats: Map<string, Stat>, all: Stat[]): Stat | undefined {
  const transport = all.find((stat) => stat.type === 'transport' && stat.selectedCandidatePairId);
  if (transport) return stats.get(String(transport.selectedCandidatePairId));
  const pairs = all.filter((stat) => stat.type === 'candidate-pair');
  return pairs.find((stat) => stat.selected === true) ?? pairs.find((stat) => stat.nominated === true && stat.state === 'succeeded');
}

function pathOf(pair: Stat | undefined, stats: Map<string, Stat>): Pick<Quality, 'path' | 'protocol' | 'family'> {
  const local = pair && stats.get(String(pair.localCandidateId));
  const remote = pair && stats.get(String(pair.remoteCandidateId));
  if (!local || !remote) return { path: 'none', protocol: null, family: null };
  const family = familyOf(remote) ?? familyOf(local);
  if (local.candidateType === 'relay') {
    const protocol = (local.relayProtocol ?? 'udp') as 'udp' | 'tcp' | 'tls';
    return { path: `relay-${protocol}`, protocol, family };
  }
  const protocol = local.protocol === 'tcp' ? 'tcp' : 'udp';
  // The relay is the other's: what we see is our way to it.
  if (remote.candidateType === 'relay') return { path: `relay-${protocol}`, protocol, family };
  return { path: 'direct', protocol, family };
}

function familyOf(candidate: Stat): 'IPv4' | 'IPv6' | null {
  const address = String(candidate.address ?? candidate.ip ?? '');
  if (address.includes(':')) return 'IPv6';
  return /^\d+\.\d+\.\d+\.\d+$/.test(address) ? 'IPv4' : null; // else hidden behind a name
}

// The worst that the other reports of our streams.
function lossReported(all: Stat[]): number {
  const fractions = all.filter((stat) => stat.type === 'remote-inbound-rtp').map((stat) => number(stat.fractionLost));
  return Math.round(Math.max(0, ...fractions) * 1000) / 10;
}

function pictureOf(inbound: Stat[], stats: Map<string, Stat>): Pick<Quality, 'codec' | 'width' | 'height' | 'fps'> {
  const video = inbound.filter((stat) => stat.kind === 'video').sort((a, b) => number(b.frameWidth) - number(a.frameWidth))[0];
  const used = video && number(video.frameWidth) > 0 ? video : inbound[0];
  const codec = used && stats.get(String(used.codecId));
  return {
    codec: codec ? String(codec.mimeType).replace(/^\w+\//, '') : null,
    width: number(video?.frameWidth),
    height: number(video?.frameHeight),
    fps: Math.round(number(video?.framesPerSecond)),
  };
}

export type Grade = 'good' | 'fair' | 'poor' | 'lost';

export function gradeOf(quality: Quality): Grade {
  if (quality.path === 'none') return 'lost';
  const loss = Math.max(quality.lossPct, quality.lossOutPct);
  const rtt = quality.rttMs ?? 0;
  if (loss > 8 || rtt > 600) return 'poor';
  if (loss > 2.5 || rtt > 250) return 'fair';
  return 'good';
}
