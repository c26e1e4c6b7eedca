import { describe, expect, it } from 'vitest';
import { Connection, SignalError, type Frame } from '../../src/client';
import { accept, connect, connected, settled, World } from './world';

describe('Connection', () => {
  it('answers hello with who we are and what we can', async () => {
    const world = new World();
    connect(world);
    await settled();
    world.socket.says({ type: 'hello', protocol: 1 });
    expect(world.socket.last('auth')).toMatchObject({ guest: { name: 'Anna' }, client: { features: ['perfect-negotiation'] } });
    expect(world.socket.last('auth').resume).toBeUndefined();
  });

  it('waits for the answer to its own auth when the cookie authenticated the socket already', async () => {
    const world = new World();
    const connection = connect(world);
    await settled();
    world.socket.says({ type: 'hello' });
    world.socket.says({ type: 'auth-ok', sessionId: 'by cookie', resumeToken: 'x', resumed: false, s: 0 });
    expect(connection.state.name).toBe('connecting');
  });

  it('gives each reply to the request with its id, in whatever order they come', async () => {
    const world = new World();
    const connection = await connected(world);
    const first = connection.request('hand', { raised: true });
    const second = connection.request('leave');
    world.socket.says({ type: 'error', id: world.socket.last('leave').id, code: 'not_joined', message: 'no', retryable: false });
    world.socket.says({ type: 'ok', id: world.socket.last('hand').id });
    await expect(first).resolves.toMatchObject({ type: 'ok' });
    await expect(second).rejects.toMatchObject({ code: 'not_joined', retryable: false });
  });

  it('gives up a request that nobody answers', async () => {
    const world = new World();
    const connection = await connected(world);
    const reply = connection.request('join').catch((error: SignalError) => error.code);
    await world.advance(40_000);
    expect(await reply).toBe('timeout');
  });

  it('resumes with the last number it saw, and drops what it has seen', async () => {
    const world = new World();
    const connection = await connected(world);
    const pushes: Frame[] = [];
    connection.on('push', (frame) => pushes.push(frame));
    world.socket.says({ type: 'chat', message: 'one', s: 1 });
    world.socket.says({ type: 'chat', message: 'two', s: 2 });
    world.socket.breaks();
    await world.advance(1_000);
    await settled();
    world.socket.says({ type: 'hello' });
    expect(world.socket.last('auth').resume).toEqual({ sessionId: 'S1', resumeToken: 'T1', s: 2 });
    world.socket.says({ type: 'auth-ok', id: world.socket.last('auth').id, sessionId: 'S1', resumeToken: 'T2', resumed: true, s: 3 });
    world.socket.says({ type: 'chat', message: 'two', s: 2 });
    world.socket.says({ type: 'chat', message: 'three', s: 3 });
    expect(pushes.map((frame) => frame.message)).toEqual(['one', 'two', 'three']);
  });

  it('sends again after a resume what was not acknowledged, with the same ids and in order', async () => {
    const world = new World();
    const connection = await connected(world);
    void connection.request('hand', { raised: true });
    const ids = [world.socket.last('hand').id];
    world.socket.breaks();
    void connection.request('chat', { message: 'said while away' });
    await world.advance(1_000);
    await accept(world, { resumed: true });
    const again = world.socket.sent.filter((frame) => frame.type !== 'auth');
    expect(again.map((frame) => frame.type)).toEqual(['hand', 'chat']);
    expect(again[0]!.id).toBe(ids[0]);
  });

  it('tells when the session is gone, and keeps only what may be repeated', async () => {
    const world = new World();
    const connection = await connected(world);
    let resets = 0;
    connection.on('reset', () => resets++);
    const lost = connection.request('hand', { raised: true }).catch((error: SignalError) => error.code);
    const kept = connection.request('chat', { message: 'hi', key: 'k' }, { durable: true });
    world.socket.breaks();
    await world.advance(1_000);
    await accept(world, { sessionId: 'S2', resumed: false });
    expect(resets).toBe(1);
    expect(await lost).toBe('session_lost');
    connection.resendPending();
    world.socket.says({ type: 'ok', id: world.socket.last('chat').id });
    await expect(kept).resolves.toMatchObject({ type: 'ok' });
  });

  // What it waits before each of so many tries, none of which gets through.
  async function waits(world: World, tries: number): Promise<number[]> {
    const connection = await connected(world);
    const waited: number[] = [];
    connection.on('state', (state) => {
      if (state.name === 'reconnecting' && state.retryAt !== null) waited.push(state.retryAt - world.now());
    });
    for (let i = 0; i < tries; i++) {
      world.socket.breaks();
      await world.advance(waited[waited.length - 1]!);
    }
    return waited;
  }

  it('waits longer from try to try, never more than half a minute', async () => {
    const all = await waits(new World(), 24);
    expect(all.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(all.slice(-3)).toEqual([15_000, 15_000, 15_000]);
  });

  it('tries to the end of the time in which its session can be resumed', async () => {
    const world = new World();
    world.random = () => 1;
    let since = 0;
    const tries = (await waits(world, 12)).map((wait) => (since += wait));
    expect(tries.filter((at) => at > 10_000 && at < 30_000).length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    [4403, 'closed'], [4409, 'closed'], [4410, 'closed'], [4423, 'closed'], [4401, 'closed'], [1009, 'closed'],
    [1006, 'reconnecting'], [1012, 'reconnecting'], [4500, 'reconnecting'], [4503, 'reconnecting'], [4429, 'reconnecting'],
  ])('after close code %i it is %s', async (code, name) => {
    const world = new World();
    const connection = await connected(world);
    world.socket.breaks(code);
    expect(connection.state.name).toBe(name);
  });

  it('authenticates once more when its token ran out, and not for ever', async () => {
    const world = new World();
    const connection = await connected(world);
    world.socket.says({ type: 'bye', code: 4401, reason: 'token_expired', reconnect: false });
    world.socket.breaks(4401);
    expect(connection.state.name).toBe('reconnecting');
    await world.advance(1_000);
    world.socket.says({ type: 'hello' });
    world.socket.says({ type: 'error', id: world.socket.last('auth').id, code: 'token_expired', message: 'expired' });
    world.socket.breaks(4401);
    expect(connection.state).toMatchObject({ name: 'closed', code: 4401, reason: 'token_expired' });
  });

  it('finds a dead socket by asking when it hears nothing', async () => {
    const world = new World();
    const connection = await connected(world);
    await world.advance(15_000);
    expect(world.socket.last('ping')).toBeDefined();
    world.socket.says({ type: 'pong', t: 1 });
    await world.advance(6_000);
    expect(connection.state.name).toBe('connected');
    await world.advance(21_000);
    expect(connection.state.name).toBe('reconnecting');
    expect(world.sockets[0]!.closedWith).toBe(3001);
  });

  it('tries at once when the network is said to be back', async () => {
    const world = new World();
    const connection = await connected(world);
    for (let i = 0; i < 6; i++) {
      world.socket.breaks();
      await world.advance(16_000);
    }
    world.socket.breaks();
    const before = world.sockets.length;
    connection.probe();
    await settled();
    expect(world.sockets.length).toBe(before + 1);
  });

  it('leaves a draining server by itself and takes its session along', async () => {
    const world = new World();
    const connection = await connected(world);
    world.socket.says({ type: 'going-away', reconnectAfterMs: 1_000, jitterMs: 2_000 });
    await world.advance(1_999);
    expect(connection.state.name).toBe('connected');
    await world.advance(1_000);
    await settled();
    world.socket.says({ type: 'hello' });
    expect(world.socket.last('auth').resume).toMatchObject({ sessionId: 'S1' });
  });

  it('ends on purpose with 1000, so that nobody waits for it', async () => {
    const world = new World();
    const connection = await connected(world);
    const waiting = connection.request('join').catch((error: SignalError) => error.code);
    connection.close();
    expect(world.socket.closedWith).toBe(1000);
    expect(await waiting).toBe('closed');
    await expect(connection.request('join')).rejects.toMatchObject({ code: 'closed' });
  });

  it('keeps trying when even the credentials cannot be fetched', async () => {
    const world = new World();
    let tries = 0;
    const connection = new Connection({
      url: 'ws://test/ws',
      environment: world,
      credentials: async () => {
        if (++tries < 3) throw new Error('offline');
        return {};
      },
    });
    connection.open();
    await world.advance(5_000);
    expect(tries).toBe(3);
    expect(world.sockets.length).toBe(1);
  });
});
