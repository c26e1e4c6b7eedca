// One's conversations over a connection and HTTP answers that a test holds.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../src/chats/api';
import { Chats } from '../src/chats/store';
import { Emitter, SignalError, type Frame } from '../src/client';

const world = vi.hoisted(() => ({
  all: [] as Conversation[], // on the server, the last used first
  connection: undefined as unknown,
  listing: Promise.resolve(), // an answer with the list waits for it
  failures: 0, // so many times nothing is told of one
  reads: 0, // of one
}));

vi.mock('../src/app/session', () => ({ account: { value: { id: 1 } }, connect: () => world.connection, whenConnected: () => Promise.resolve() }));
vi.mock('../src/chats/api', () => ({
  kListed: 100,
  conversations: async (page: number) => {
    const found = world.all.slice((page - 1) * 100, page * 100);
    await world.listing;
    return found;
  },
  conversation: async (id: string) => {
    world.reads++;
    if (world.failures-- > 0) throw new SignalError('internal');
    const found = world.all.find((one) => String(one.id) === id);
    if (!found) throw new SignalError('not_found');
    return found;
  },
  readPage: async () => ({ messages: [], complete: true, epoch: 1 }),
  leaveGroup: async (id: string) => void (world.all = world.all.filter((one) => String(one.id) !== id)),
}));

class Wire extends Emitter<{ push: Frame; reset: void }> {
  asked: string[] = [];
  answer: Promise<unknown> = Promise.resolve();

  request(type: string, { conversationId }: { conversationId: string }): Promise<unknown> {
    this.asked.push(`${type} ${conversationId}`);
    return this.answer;
  }
}

const group = (id: number, rest: Partial<Conversation> = {}): Conversation => ({ id, kind: 'group', title: `Group ${id}`, participants: [], lastSeq: 0, lastReadSeq: 0, ...rest });
const groups = (count: number) => Array.from({ length: count }, (_, index) => group(index + 1));
const settled = () => new Promise((resolve) => setTimeout(resolve));

// A promise, and what keeps it.
function held(): { promise: Promise<void>; release: () => void } {
  let release = () => {};
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
}

let wire: Wire;
let chats: Chats;
let close: () => void;

async function open(all: Conversation[]): Promise<void> {
  world.all = all;
  close = chats.open();
  await settled();
}

const tell = (id: string) => wire.emit('push', { type: 'conversation-changed', conversationId: id });

async function changed(id: string): Promise<void> {
  tell(id);
  await settled();
}

const ids = () => chats.entries.value!.map(({ id }) => id);

beforeEach(() => {
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => {}, removeEventListener: () => {} });
  world.listing = Promise.resolve();
  world.failures = world.reads = 0;
  world.connection = wire = new Wire();
  chats = new Chats();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the list', () => {
  it('has page after page, as far as it is shown', async () => {
    await open(groups(130));
    expect(ids()).toHaveLength(100);
    expect(chats.isWhole.value).toBe(false);
    await chats.more();
    expect(ids()).toHaveLength(100);
    await chats.more();
    expect(ids()).toHaveLength(130);
    expect(chats.isWhole.value).toBe(true);
    expect(wire.asked).toHaveLength(120);
  });

  it('keeps one in which something is said between two pages', async () => {
    await open(groups(130));
    await chats.more();
    await chats.more();
    const list = held();
    world.listing = list.promise;
    const refreshed = chats.refresh();
    await settled(); // the first page is on its way
    world.all = [group(110, { lastSeq: 1 }), ...world.all.filter(({ id }) => id !== 110)];
    wire.emit('push', { type: 'chat', conversationId: '110', messageId: '1', userId: '2', message: 'Hello', seq: 1 });
    list.release();
    await refreshed;
    expect(ids()[0]).toBe('110');
    expect(ids()).toHaveLength(130);
    await settled();
    expect(wire.asked).not.toContain('unsubscribe 110');
  });

  it('has a conversation that began while it was asked for', async () => {
    const list = held();
    world.listing = list.promise;
    await open([group(1)]);
    world.all = [group(2), group(1)];
    await changed('2');
    list.release();
    await settled();
    expect(ids()).toEqual(['2', '1']);
  });

  it('shows at once what others begin and change, and hears what is said there', async () => {
    await open([group(1)]);
    world.all = [group(2, { lastSeq: 3 }), group(1, { title: 'Choir' })];
    await changed('2');
    await changed('1');
    expect(ids()).toEqual(['2', '1']);
    expect(chats.find('1')!.title).toBe('Choir');
    expect(wire.asked).toContain('subscribe 2');
  });

  it('reads what changes again and again no oftener than it can', async () => {
    await open([group(1)]);
    wire.asked = [];
    for (let n = 0; n < 10; n++) tell('1');
    await settled();
    expect(wire.asked.length).toBeLessThanOrEqual(2);
  });
});

describe('what changed and cannot be read', () => {
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

  beforeEach(async () => {
    await open([group(1)]);
    vi.useFakeTimers();
    world.all = [group(3), group(2), group(1)];
    world.failures = Infinity;
    tell('2');
    await pass(0);
    expect(ids()).toEqual(['1']);
  });

  it('is read a little later, and what else changed is not', async () => {
    world.failures = 0;
    tell('3');
    await pass(0);
    expect(ids()).toEqual(['3', '1']);
    await pass(1);
    expect(ids()).toEqual(['2', '3', '1']);
    expect(wire.asked).toContain('subscribe 2');
    await pass(600);
    expect(world.reads).toBe(3);
  });

  it('is read later and later, at last no more, and when it changes again as at first', async () => {
    await pass(1);
    expect(world.reads).toBe(2);
    await pass(600);
    expect(world.reads).toBe(7);
    tell('2');
    await pass(0);
    expect(world.reads).toBe(8);
    await pass(1);
    expect(world.reads).toBe(9);
  });

  it('is read no more once the page was left', async () => {
    close();
    await pass(600);
    expect(world.reads).toBe(1);
  });
});

describe('what is open', () => {
  it('stays when it is further down than the list reaches', async () => {
    await open(groups(130));
    chats.show('130');
    await settled();
    await chats.refresh();
    expect(chats.find('130')).toBeDefined();
    expect(chats.failure.value).toBeNull();
  });

  it('is said to be gone for who was removed, and is there again for who was let in again', async () => {
    await open([group(7)]);
    chats.show('7');
    await settled();
    world.all = [];
    await changed('7');
    expect(chats.failure.value!.code).toBe('not_found');
    expect(ids()).toEqual([]);
    wire.asked = [];
    world.all = [group(7)];
    await changed('7');
    expect(chats.failure.value).toBeNull();
    expect(ids()).toEqual(['7']);
    expect(wire.asked).toContain('subscribe 7');
  });

  it('is said to be gone when the list does not have it any more', async () => {
    await open([group(7), group(8)]);
    chats.show('7');
    await settled();
    world.all = [group(8)];
    await chats.refresh();
    expect(chats.failure.value!.code).toBe('not_found');
    expect(ids()).toEqual(['8']);
  });

  it('is no failure when we leave it ourselves', async () => {
    await open([group(7)]);
    chats.show('7');
    await settled();
    const left = chats.leave('7');
    await changed('7');
    expect(await left).toBe(true);
    expect(chats.failure.value).toBeNull();
    expect(ids()).toEqual([]);
  });

  it('hears nothing of one that was opened before it', async () => {
    await open([group(1)]);
    const stop = chats.show('404');
    await Promise.resolve(); // it is being asked for
    stop();
    chats.show('1');
    await settled();
    expect(chats.failure.value).toBeNull();
    expect(chats.talk.value!.id).toBe('1');
  });
});

describe('subscriptions', () => {
  it('are to what is open too, in a new session', async () => {
    await open(groups(60));
    chats.show('60');
    await settled();
    wire.asked = [];
    wire.emit('reset', undefined);
    await settled();
    expect(wire.asked).toHaveLength(41);
    expect(wire.asked).toContain('subscribe 60');
  });

  it('are not to what is not listed any more', async () => {
    await open([group(1), group(2)]);
    world.all = [group(1)];
    await chats.refresh();
    await settled();
    expect(wire.asked).toContain('unsubscribe 2');
    wire.asked = [];
    world.all = [group(2), group(1)];
    await chats.refresh();
    expect(wire.asked).toEqual(['subscribe 2']);
  });

  it('are not begun by a list that comes after the page was left', async () => {
    const list = held();
    world.listing = list.promise;
    await open([group(1)]);
    close();
    list.release();
    await settled();
    expect(wire.asked).toEqual([]);
  });

  it('end after the server has answered that they begin', async () => {
    const answer = held();
    wire.answer = answer.promise;
    await open([group(1)]);
    close();
    await settled();
    expect(wire.asked).toEqual(['subscribe 1']);
    answer.release();
    await settled();
    expect(wire.asked).toEqual(['subscribe 1', 'unsubscribe 1']);
  });
});
