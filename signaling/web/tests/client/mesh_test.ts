import { describe, expect, it } from 'vitest';
import { Mesh, type PeerState } from '../../src/client';
import { PaperConnection, paper, settled, World } from './world';

const kPolite = { polite: true, initiator: true };
const kImpolite = { polite: false, initiator: true };
const offerOf = (who: string) => ({ type: 'offer' as const, sdp: `audio video \na=fingerprint:sha-256 ${who}` });
const answerOf = (who: string) => ({ type: 'answer' as const, sdp: `\na=fingerprint:sha-256 ${who}` });

function mesh() {
  const connections: PaperConnection[] = [];
  const sent: [string, string | undefined][] = [];
  const made = new Mesh({
    environment: new World(),
    createConnection: (configuration) => paper(connections[connections.push(new PaperConnection(configuration)) - 1]),
    signaling: { sendDescription: (peerId, { type }) => sent.push([peerId, type]), sendCandidates: () => {}, sendStats: () => {} },
  });
  return { made, connections, sent };
}

async function connected(part = kPolite) {
  const world = mesh();
  world.made.add('b', part);
  await settled();
  await world.made.onDescription('b', answerOf('B1'));
  world.connections[0]!.becomes('connected');
  world.sent.length = 0;
  return world;
}

describe('relay only', () => {
  it('is another connection to everybody: one that stands would keep its direct way', async () => {
    const { made, connections, sent } = mesh();
    const states: [string, PeerState][] = [];
    made.on('state', ({ peerId, state }) => states.push([peerId, state]));
    const track = { kind: 'audio' };
    made.add('b', kPolite);
    made.add('c', kPolite);
    made.setTrack('audio', track as never);
    await settled();
    sent.length = states.length = 0;
    made.setRelayOnly(true);
    await settled();
    expect(connections.map(({ closed, configuration }) => [closed, configuration.iceTransportPolicy])).toEqual([[true, 'relay'], [true, 'relay'], [false, 'relay'], [false, 'relay']]);
    expect(sent).toEqual([['b', 'offer'], ['c', 'offer']]);
    expect(states).toEqual([['b', 'connecting'], ['c', 'connecting']]);
    expect(connections[2]!.transceivers[0]!.sender.track).toBe(track);
    expect(made.size).toBe(2);
  });

  it('ends with a restart, which finds the better ways by itself', async () => {
    const { made, connections } = await connected();
    made.setRelayOnly(true);
    await settled();
    made.setRelayOnly(false);
    expect(connections.map(({ restarts, configuration }) => [restarts, configuration.iceTransportPolicy])).toEqual([[0, 'relay'], [1, 'all']]);
  });
});

describe('an offer', () => {
  it('of the connection that we know goes to it', async () => {
    const { made, connections, sent } = await connected();
    await made.onDescription('b', offerOf('B1'));
    expect(connections.length).toBe(1);
    expect(sent).toEqual([['b', 'answer']]);
  });

  it('of another connection is answered by another one', async () => {
    const { made, connections, sent } = await connected(kImpolite);
    await made.onDescription('b', offerOf('B2'));
    await settled();
    expect(connections.map(({ closed }) => closed)).toEqual([true, false]);
    expect(sent).toEqual([['b', 'answer']]);
  });

  it('from before the other heard that we began anew is dropped', async () => {
    const { made, connections, sent } = await connected();
    made.setRelayOnly(true);
    await settled();
    await made.onDescription('b', offerOf('B1'));
    expect(connections[1]!.remoteDescription).toBeNull();
    await made.onDescription('b', answerOf('B2'));
    expect(connections[1]!.signalingState).toBe('stable');
    expect(sent).toEqual([['b', 'offer']]);
  });

  it('that crosses ours, both of new connections, is taken by the polite alone', async () => {
    for (const [part, answers] of [[kPolite, true], [kImpolite, false]] as const) {
      const { made, connections, sent } = await connected(part);
      made.setRelayOnly(true);
      await settled();
      await made.onDescription('b', offerOf('B2'));
      await settled();
      expect(connections.length).toBe(answers ? 3 : 2);
      expect(sent).toEqual(answers ? [['b', 'offer'], ['b', 'answer']] : [['b', 'offer']]);
    }
  });
});
