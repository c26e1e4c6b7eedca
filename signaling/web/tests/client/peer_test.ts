import { describe, expect, it } from 'vitest';
import { Peer, type Slot } from '../../src/client';
import { PaperConnection, paper, settled, World } from './world';

function peer(part: { polite: boolean; initiator: boolean }) {
  const world = new World();
  const connection = new PaperConnection();
  const descriptions: RTCSessionDescriptionInit[] = [];
  const candidates: unknown[][] = [];
  const made = new Peer({
    ...part,
    connection: paper(connection),
    environment: world,
    sendDescription: (description) => descriptions.push(description),
    sendCandidates: (list) => candidates.push(list),
  });
  return { world, connection, descriptions, candidates, peer: made };
}

const tracks = () => new Map<Slot, MediaStreamTrack | null>([['audio', { kind: 'audio' } as MediaStreamTrack]]);
const kOffer = { type: 'offer' as const, sdp: 'audio video video audio' };

describe('Peer', () => {
  it('lays out four slots when it starts, and only then', async () => {
    const first = peer({ polite: true, initiator: true });
    first.peer.start(tracks());
    await settled();
    expect(first.connection.transceivers.map((entry) => entry.receiver.track.kind)).toEqual(['audio', 'video', 'video', 'audio']);
    expect(first.descriptions).toMatchObject([{ type: 'offer' }]);
    const second = peer({ polite: false, initiator: false });
    second.peer.start(tracks());
    await settled();
    expect(second.descriptions).toEqual([]);
  });

  it('answers an offer with its tracks in the slots of the other', async () => {
    const { peer: made, connection, descriptions } = peer({ polite: false, initiator: false });
    const slots: string[] = [];
    made.on('track', ({ slot }) => slots.push(slot));
    made.start(tracks());
    await made.onDescription(kOffer);
    expect(descriptions).toMatchObject([{ type: 'answer' }]);
    expect(slots).toEqual(['audio', 'video', 'screen', 'screenAudio']);
    expect(connection.transceivers[0]!.sender.track).toEqual({ kind: 'audio' });
  });

  it('yields in a collision when polite', async () => {
    const { peer: made, connection, descriptions } = peer({ polite: true, initiator: true });
    made.start(tracks());
    await settled();
    expect(connection.signalingState).toBe('have-local-offer');
    await made.onDescription(kOffer);
    expect(descriptions.map((description) => description.type)).toEqual(['offer', 'answer']);
  });

  it('ignores the offer, and its candidates, in a collision when impolite', async () => {
    const { peer: made, connection, descriptions } = peer({ polite: false, initiator: true });
    made.start(tracks());
    await settled();
    await made.onDescription(kOffer);
    expect(connection.remoteDescription).toBeNull();
    expect(descriptions.length).toBe(1);
  });

  it('replaces a track without negotiating', async () => {
    const { peer: made, connection, descriptions } = peer({ polite: true, initiator: true });
    made.start(tracks());
    await settled();
    const screen = { kind: 'video' } as MediaStreamTrack;
    made.setTrack('screen', screen);
    await settled();
    expect(connection.transceivers[2]!.sender.track).toBe(screen);
    expect(descriptions.length).toBe(1);
  });

  it('sends candidates that come together together, with their end', async () => {
    const { world, connection, candidates } = peer({ polite: true, initiator: true });
    for (const name of ['a', 'b']) connection.onicecandidate?.({ candidate: { toJSON: () => ({ candidate: name }) } });
    connection.onicecandidate?.({ candidate: null });
    await world.advance(50);
    expect(candidates).toEqual([[{ candidate: 'a' }, { candidate: 'b' }, null]]);
  });

  it('says unstable first, then reconnects by a restart, then says that it failed, and goes on trying', async () => {
    const { world, peer: made, connection } = peer({ polite: true, initiator: true });
    const states: string[] = [];
    made.on('state', (state) => states.push(state));
    connection.becomes('connected');
    connection.becomes('disconnected', 'disconnected');
    await world.advance(2_500);
    expect(connection.restarts).toBe(1);
    connection.becomes('failed');
    await world.advance(60_000);
    expect(states).toEqual(['connected', 'unstable', 'reconnecting', 'failed']);
    expect(connection.restarts).toBeGreaterThan(3);
    connection.becomes('connected');
    expect(made.state).toBe('connected');
    const restarts = connection.restarts;
    await world.advance(60_000);
    expect(connection.restarts).toBe(restarts);
  });

  it('lets the initiator restart first', async () => {
    const { world, connection } = peer({ polite: false, initiator: false });
    connection.becomes('connected');
    connection.becomes('failed');
    await world.advance(1_400);
    expect(connection.restarts).toBe(0);
    await world.advance(200);
    expect(connection.restarts).toBe(1);
  });

  it('fails openly when the first connection never comes', async () => {
    const { world, peer: made } = peer({ polite: true, initiator: true });
    await world.advance(20_000);
    expect(made.state).toBe('failed');
  });

  it('repeats an offer that may have been lost with the session', async () => {
    const { peer: made, descriptions } = peer({ polite: true, initiator: true });
    made.start(tracks());
    await settled();
    made.recover();
    expect(descriptions.map((description) => description.type)).toEqual(['offer', 'offer']);
  });
});
