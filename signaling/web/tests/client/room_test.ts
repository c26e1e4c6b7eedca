import { describe, expect, it } from 'vitest';
import { Room, type Frame } from '../../src/client';
import { accept, connected, PaperConnection, paper, settled, World } from './world';

const kMedia = { audio: true, video: true, screen: false };
const person = (peerId: string, newcomer: boolean) => ({
  peerId, userId: null, name: peerId.toUpperCase(), role: 'participant', media: kMedia, hand: false, polite: newcomer, initiator: newcomer,
});
const kRoom = { title: 'Test', status: 'active', locked: false, recording: false, startedAt: null, settings: { enableChat: true } };

function joined(peers: object[], more: object = {}): Frame {
  return {
    type: 'joined', meetingId: 'uuid', code: 'BCDFGHJKLM', roomId: 'r', selfId: 'me', role: 'host', permissions: ['chat', 'mute'], rev: 1, room: kRoom,
    peers, iceServers: [{ urls: 'stun:test' }], iceTtl: 3600, iceTransportPolicy: 'all',
    chat: { conversationId: 'c', epoch: 1, lastSeq: 1, messages: [{ messageId: 'm1', username: 'B', message: 'before', timestamp: '2026-01-01T00:00:00.000Z', seq: 1 }] },
    ...more,
  };
}

async function inRoom(peers: object[] = [person('b', true)]) {
  const world = new World();
  const connection = await connected(world);
  const connections: PaperConnection[] = [];
  const room = new Room(connection, {
    environment: world,
    createConnection: (configuration) => {
      connections.push(new PaperConnection(configuration));
      return paper(connections[connections.length - 1]);
    },
  });
  const joining = room.join({ meetingId: 'BCDFGHJKLM', name: 'Anna', media: kMedia });
  world.socket.says({ ...joined(peers), id: world.socket.last('join').id });
  await joining;
  await settled();
  return { world, connection, room, connections };
}

describe('Room', () => {
  it('joins, and offers to those who were there', async () => {
    const { world, room, connections } = await inRoom();
    expect(room.phase.name).toBe('joined');
    expect(connections[0]!.configuration).toMatchObject({ iceServers: [{ urls: 'stun:test' }], iceTransportPolicy: 'all' });
    expect(world.socket.last('description')).toMatchObject({ targetId: 'b', description: { type: 'offer' } });
  });

  it('waits for the offer of who comes later, and answers it', async () => {
    const { world, room, connections } = await inRoom([]);
    world.socket.says({ type: 'peer-joined', peer: person('c', false), rev: 2, s: 1 });
    expect(connections.length).toBe(1);
    expect(world.socket.sent.some((frame) => frame.type === 'description')).toBe(false);
    world.socket.says({ type: 'description', fromId: 'c', description: { type: 'offer', sdp: 'audio video' }, s: 2 });
    await settled();
    expect(world.socket.last('description')).toMatchObject({ targetId: 'c', description: { type: 'answer' } });
    expect(room.state!.rev).toBe(2);
  });

  it('understands the older spelling with the bare SDP', async () => {
    const { world, connections } = await inRoom([]);
    world.socket.says({ type: 'peer-joined', peer: person('c', false), rev: 2, s: 1 });
    world.socket.says({ type: 'offer', fromId: 'c', offer: 'audio video', s: 2 });
    world.socket.says({ type: 'ice-candidate', fromId: 'c', candidate: { candidate: 'x' }, s: 3 });
    await settled();
    expect(connections[0]!.remoteDescription).toEqual({ type: 'offer', sdp: 'audio video' });
    expect(connections[0]!.candidates).toEqual([{ candidate: 'x' }]);
  });

  it('reports why it was refused and can be asked again', async () => {
    const world = new World();
    const room = new Room(await connected(world), { environment: world });
    const refused = room.join({ meetingId: 'x', media: kMedia });
    world.socket.says({ type: 'error', id: world.socket.last('join').id, code: 'password_required', message: 'Password' });
    await expect(refused).rejects.toMatchObject({ code: 'password_required' });
    expect(room.phase.name).toBe('idle');
  });

  it('waits, and is in when it is admitted, without asking again', async () => {
    const world = new World();
    const room = new Room(await connected(world), { environment: world });
    const joining = room.join({ meetingId: 'x', media: kMedia });
    world.socket.says({ type: 'waiting', id: world.socket.last('join').id, requestId: '7', reason: 'waiting_room', position: 2 });
    await joining;
    expect(room.phase).toMatchObject({ name: 'waiting', waiting: { position: 2 } });
    world.socket.says({ type: 'admitted', s: 1 });
    world.socket.says({ ...joined([]), s: 2 });
    expect(room.phase.name).toBe('joined');
    expect(world.socket.sent.filter((frame) => frame.type === 'join').length).toBe(1);
  });

  it('keeps the connection of one who is away, and drops it when he has left', async () => {
    const { world, room, connections } = await inRoom();
    world.socket.says({ type: 'peer-away', peerId: 'b', s: 1 });
    expect(room.state!.peers[0]!.away).toBe(true);
    expect(connections[0]!.closed).toBe(false);
    world.socket.says({ type: 'peer-left', peerId: 'b', reason: 'timeout', rev: 2, s: 2 });
    expect(connections[0]!.closed).toBe(true);
    expect(room.state!.peers).toEqual([]);
  });

  it('joins again with its place when the session was lost, and keeps the connections', async () => {
    const { world, room, connections } = await inRoom();
    connections[0]!.becomes('connected');
    world.socket.breaks();
    await world.advance(1_000);
    await accept(world, { sessionId: 'S2', resumed: false });
    const again = world.socket.last('join');
    expect(again).toMatchObject({ meetingId: 'BCDFGHJKLM', replace: true, peerId: 'me' });
    world.socket.says({ ...joined([person('b', true)]), id: again.id });
    await settled();
    expect(room.phase.name).toBe('joined');
    expect(connections.length).toBe(1);
    expect(connections[0]!.closed).toBe(false);
  });

  it('keeps the connection to one who comes back later than we do, and drops it when he does not', async () => {
    for (const comesBack of [true, false]) {
      const { world, connections } = await inRoom();
      world.socket.breaks();
      await world.advance(1_000);
      await accept(world, { sessionId: 'S2', resumed: false });
      world.socket.says({ ...joined([]), id: world.socket.last('join').id });
      await settled();
      if (comesBack) world.socket.says({ type: 'peer-joined', peer: person('b', false), rev: 2, s: 1 });
      world.socket.says({ type: 'pong' });
      await world.advance(10_000);
      world.socket.says({ type: 'pong' });
      await world.advance(11_000);
      expect(connections.map((connection) => connection.closed)).toEqual([!comesBack]);
    }
  });

  it('builds up anew towards those who came back under another id', async () => {
    const { world, connections } = await inRoom();
    world.socket.breaks();
    await world.advance(1_000);
    await accept(world, { sessionId: 'S2', resumed: false });
    world.socket.says({ ...joined([person('b2', true)], { selfId: 'me2' }), id: world.socket.last('join').id });
    await settled();
    expect(connections.map((connection) => connection.closed)).toEqual([true, false]);
    expect(world.socket.last('description')).toMatchObject({ targetId: 'b2' });
  });

  it('shows each chat message once, in the order of the conversation', async () => {
    const { world, room } = await inRoom();
    const say = (seq: number, s: number) => world.socket.says({
      type: 'chat', messageId: `m${seq}`, conversationId: 'c', username: 'B', message: String(seq), timestamp: '2026-01-01T00:00:01.000Z', seq, s,
    });
    say(3, 1);
    say(2, 2);
    say(3, 3);
    expect(room.state!.chat.map((message) => message.seq)).toEqual([1, 2, 3]);
    world.socket.says({ type: 'chat-deleted', messageId: 'm2', conversationId: 'c', s: 4 });
    expect(room.state!.chat[1]).toMatchObject({ message: '' });
    world.socket.says({ type: 'chat-cleared', conversationId: 'c', epoch: 2, s: 5 });
    expect(room.state!.chat).toEqual([]);
  });

  it('follows what hosts do: roles, the lock, who asks to come in', async () => {
    const { world, room } = await inRoom();
    world.socket.says({ type: 'peer-updated', peerId: 'me', role: 'co_host', permissions: ['chat'], rev: 2, s: 1 });
    world.socket.says({ type: 'room-updated', locked: true, rev: 3, s: 2 });
    world.socket.says({ type: 'room-updated', settings: { waitingRoom: true }, rev: 4, s: 3 });
    world.socket.says({ type: 'join-request', request: { requestId: '9', name: 'Carl' }, s: 4 });
    expect(room.state).toMatchObject({ role: 'co_host', permissions: ['chat'], rev: 4, room: { locked: true, settings: { waitingRoom: true, enableChat: true } } });
    expect(room.state!.requests.map((request) => request.name)).toEqual(['Carl']);
    world.socket.says({ type: 'join-request-handled', requestId: '9', status: 'approved', s: 5 });
    expect(room.state!.requests).toEqual([]);
  });

  it('is over when it is ended, and closes every connection', async () => {
    const { world, room, connections } = await inRoom();
    world.socket.says({ type: 'meeting-ended', endedBy: 'b', message: 'Good night', s: 1 });
    expect(room.phase).toEqual({ name: 'over', reason: 'meeting_ended', message: 'Good night' });
    expect(connections[0]!.closed).toBe(true);
  });

  it.each([['kick', 'kicked'], ['ban', 'banned']])('is over after a %s, and says which it was', async (action, reason) => {
    const { world, room } = await inRoom();
    world.socket.says({ type: 'moderation', action, by: 'b', value: null, s: 1 });
    world.socket.breaks(4423, 'kicked');
    expect(room.phase).toEqual({ name: 'over', reason });
  });

  it('addresses a line to one person when it is meant for one', async () => {
    const { world, room } = await inRoom();
    void room.chat('for all');
    expect(world.socket.last('chat')).not.toHaveProperty('targetId');
    void room.chat('for you', 'b');
    expect(world.socket.last('chat')).toMatchObject({ message: 'for you', targetId: 'b' });
  });

  it('fetches new credentials before a restart when half their life is over', async () => {
    const { world, room, connections } = await inRoom();
    await room.networkChanged();
    expect(connections[0]!.restarts).toBe(1);
    expect(world.socket.sent.some((frame) => frame.type === 'ice-request')).toBe(false);
    for (let i = 0; i < 200; i++) {
      world.socket.says({ type: 'pong' });
      await world.advance(10_000);
    }
    const changed = room.networkChanged();
    world.socket.says({ type: 'ice-update', id: world.socket.last('ice-request').id, iceServers: [{ urls: 'stun:new' }], ttl: 3600 });
    await changed;
    expect(connections[0]!.configuration.iceServers).toEqual([{ urls: 'stun:new' }]);
    expect(connections[0]!.restarts).toBeGreaterThan(1);
  });

  it('sends less to each of more people', async () => {
    const { room, connections } = await inRoom([person('b', true), person('c', true), person('d', true), person('e', true)]);
    room.mesh.setTrack('video', { kind: 'video', getSettings: () => ({ height: 720 }) } as never);
    await settled();
    expect(connections[3]!.transceivers[1]!.sender.parameters.encodings[0]).toMatchObject({ maxBitrate: 350_000, scaleResolutionDownBy: 2, active: true });
  });
});
