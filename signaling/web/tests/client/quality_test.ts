import { describe, expect, it } from 'vitest';
import { gradeOf, readQuality } from '../../src/client';
import { cameraRung, encodingFor, screenRung, Share } from '../../src/client/ladder';

type Stats = Parameters<typeof readQuality>[0];

function report(local: object, remote: object, more: object[] = []): Stats {
  return [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', bytesReceived: 1000, bytesSent: 500, currentRoundTripTime: 0.042 },
    { id: 'old', type: 'candidate-pair', localCandidateId: 'R', remoteCandidateId: 'R', nominated: true, state: 'succeeded' },
    { id: 'L', type: 'local-candidate', ...local },
    { id: 'R', type: 'remote-candidate', ...remote },
    ...more,
  ] as unknown as Stats;
}

describe('readQuality', () => {
  it.each([
    [{ candidateType: 'host', protocol: 'udp' }, { candidateType: 'srflx', address: '192.0.2.1' }, 'direct', 'udp', 'IPv4'],
    [{ candidateType: 'relay', relayProtocol: 'tls' }, { candidateType: 'host', address: '192.0.2.1' }, 'relay-tls', 'tls', 'IPv4'],
    [{ candidateType: 'relay', relayProtocol: 'tcp' }, { candidateType: 'relay', address: '2001:db8::1' }, 'relay-tcp', 'tcp', 'IPv6'],
    [{ candidateType: 'host', protocol: 'udp', address: '10.0.0.1' }, { candidateType: 'relay' }, 'relay-udp', 'udp', 'IPv4'],
  ])('says how %j reaches %j', (local, remote, path, protocol, family) => {
    const { quality } = readQuality(report(local, remote), 0, null);
    expect(quality).toMatchObject({ path, protocol, family, rttMs: 42 });
  });

  it('says none before there is a way', () => {
    const { quality } = readQuality([], 0, null);
    expect(quality.path).toBe('none');
    expect(gradeOf(quality)).toBe('lost');
  });

  it('makes rates and loss of what came since the look before', () => {
    const inbound = (packetsReceived: number, packetsLost: number) => [{
      id: 'I', type: 'inbound-rtp', kind: 'video', packetsReceived, packetsLost, jitter: 0.012, codecId: 'C', frameWidth: 640, frameHeight: 360, framesPerSecond: 24,
    }, { id: 'C', type: 'codec', mimeType: 'video/VP8' }];
    const way = { candidateType: 'host', protocol: 'udp' };
    const first = readQuality(report(way, way, inbound(100, 50)), 1_000, null);
    expect(first.quality).toMatchObject({ kbpsIn: 0, lossPct: 0 });
    const before = { ...first.counters, bytesIn: 0, bytesOut: 0 };
    const second = readQuality(report(way, way, inbound(190, 60)), 2_000, before);
    expect(second.quality).toMatchObject({ kbpsIn: 8, kbpsOut: 4, lossPct: 10, jitterMs: 12, codec: 'VP8', width: 640, height: 360, fps: 24 });
    expect(gradeOf(second.quality)).toBe('poor');
  });
});

describe('the ladder', () => {
  it('gives each of more people less', () => {
    const bitrates = [1, 2, 4, 7].map((peers) => cameraRung(peers).maxBitrate);
    expect(bitrates).toEqual([...bitrates].sort((a, b) => b - a));
    expect(new Set(bitrates).size).toBe(4);
    expect(screenRung(5).maxBitrate).toBeLessThan(screenRung(1).maxBitrate);
  });

  it('scales down to the height of the rung and never up', () => {
    expect(encodingFor(cameraRung(3), 720, 1, true).scaleResolutionDownBy).toBe(1.5);
    expect(encodingFor(cameraRung(1), 480, 1, true).scaleResolutionDownBy).toBe(1);
  });

  it('takes back fast on loss and gives again slowly', () => {
    const share = new Share();
    for (let i = 0; i < 3; i++) share.observe(15);
    expect(share.value).toBeCloseTo(0.216);
    expect(encodingFor(cameraRung(1), 720, share.value, true)).toMatchObject({ maxBitrate: 324_000, maxFramerate: 15, scaleResolutionDownBy: 2 });
    share.observe(0);
    expect(share.value).toBeCloseTo(0.216);
    for (let i = 0; i < 20; i++) share.observe(0);
    expect(share.value).toBe(1);
  });
});
