import { describe, expect, it } from 'vitest';
import { entryFrom, heard, relisted, unread, type Entry } from '../src/chats/entries';
import { continued, reacted, Talk, type Page } from '../src/chats/talk';
import type { ChatMessage, ChatReacted, Connection, Frame, Reaction } from '../src/client';

const line = (seq: number, rest: Partial<ChatMessage> = {}): ChatMessage => ({
  messageId: String(seq), conversationId: '7', userId: '2', username: 'Ben', message: `Line ${seq}`, timestamp: '2030-03-04T12:00:00Z', seq, ...rest,
});
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const said = (conversationId: string, seq: number, rest: object = {}): Frame => ({ ...line(seq), ...rest, conversationId, type: 'chat' });
const entry = (id: number, lastSeq: number, lastReadSeq: number): Entry => entryFrom({ id, kind: 'direct', title: null, participants: [], lastSeq, lastReadSeq });
const seqs = (page: ChatMessage[]) => page.map(({ seq }) => seq);

describe('the list of conversations', () => {
  it('moves the one in which something is said to the front, and counts it', () => {
    const [first, second] = heard([entry(1, 4, 4), entry(7, 2, 2)], said('7', 3), '1');
    expect(first).toMatchObject({ id: '7', lastLine: { message: 'Line 3' } });
    expect(unread(first!)).toBe(1);
    expect(second!.id).toBe('1');
  });

  it('leaves the order and the count when it only hears the last line again', () => {
    const [first, second] = heard([entry(1, 4, 4), entry(7, 2, 1)], said('7', 2), '1');
    expect(first!.id).toBe('1');
    expect(second!.lastLine!.message).toBe('Line 2');
    expect(unread(second!)).toBe(1);
  });

  it('has read what came before a line of our own, also of another device', () => {
    const [only] = heard([entry(7, 5, 2)], said('7', 6, { userId: '1' }), '1');
    expect(unread(only!)).toBe(0);
  });

  it('has read what another device of ours has, and not what the others have', () => {
    const before = [entry(7, 5, 2)];
    expect(unread(heard(before, { type: 'chat-read', conversationId: '7', userId: '2', seq: 5 }, '1')[0]!)).toBe(3);
    expect(unread(heard(before, { type: 'chat-read', conversationId: '7', userId: '1', seq: 4 }, '1')[0]!)).toBe(1);
  });

  it('shows the last line as it was changed, deleted and cleared', () => {
    let all = heard([entry(7, 2, 2)], said('7', 3), '1');
    all = heard(all, { type: 'chat-edited', conversationId: '7', messageId: '3', message: 'Line three', editedAt: 'now' }, '1');
    expect(all[0]!.lastLine!.message).toBe('Line three');
    all = heard(all, { type: 'chat-deleted', conversationId: '7', messageId: '3', deletedAt: 'now' }, '1');
    expect(all[0]!.lastLine).toMatchObject({ message: '', deletedAt: 'now' });
    all = heard(all, { type: 'chat-cleared', conversationId: '7', epoch: 2 }, '1');
    expect(all[0]!.lastLine).toBeNull();
    expect(unread(all[0]!)).toBe(0);
  });

  it('does not hear of conversations that are not in it', () => {
    const all = [entry(1, 4, 4)];
    expect(heard(all, said('general', 3), '1')).toBe(all);
  });
});

describe('the list that is read again', () => {
  const one = (id: number) => ({ id, kind: 'group' as const, title: null, participants: [], lastSeq: 0, lastReadSeq: 0 });
  const now = [entry(3, 0, 0), entry(1, 5, 5)];
  const asOf = (before: string[], then = now) => new Map(before.map((id) => [id, then.find((each) => each.id === id)?.lastSeq ?? 0]));
  const read = (before: string[], listed: number[], open?: string) => relisted(now, asOf(before), listed.map(one), open).map(({ id }) => id);

  it('is as the server has it', () => {
    expect(read(['3', '1'], [1, 2, 3])).toEqual(['1', '2', '3']);
    expect(read(['3', '1'], [1])).toEqual(['1']);
    expect(relisted(now, asOf(['1']), [one(1)])[1]!.lastSeq).toBe(5);
  });

  it('has what came since it was asked for, and not what has left', () => {
    expect(read(['1'], [1])).toEqual(['3', '1']);
    expect(read(['3', '2', '1'], [2, 1, 3])).toEqual(['1', '3']);
  });

  it('has that in which something was said since, whichever page it was on', () => {
    const before = asOf(['3', '1'], [entry(3, 0, 0), entry(1, 4, 4)]);
    expect(relisted(now, before, [one(3)]).map(({ id }) => id)).toEqual(['1', '3']);
    expect(relisted(now, before, []).map(({ id }) => id)).toEqual(['1']);
  });

  it('has what is open, and each once', () => {
    expect(read(['3', '1'], [1], '3')).toEqual(['3', '1']);
    expect(read(['3', '1'], [1, 3, 1], '3')).toEqual(['1', '3']);
  });
});

describe('a talk', () => {
  const talkOf = (pages: Page[]) => new Talk('7', {} as Connection, () => Promise.resolve(pages.shift()!));

  it('is whole when nothing is before its first line', async () => {
    const talk = talkOf([{ messages: lines(51, 100), complete: false, epoch: 1 }, { messages: lines(1, 50), complete: true, epoch: 1 }]);
    await talk.load();
    expect(talk.isWhole.value).toBe(false);
    await talk.loadEarlier();
    expect(talk.isWhole.value).toBe(true);
    expect(talk.messages.value).toHaveLength(100);
  });

  it('is whole no more once earlier lines have gone, and stays so while they are there', async () => {
    const talk = talkOf([
      { messages: lines(1, 30), complete: true, epoch: 1 }, { messages: lines(20, 40), complete: false, epoch: 1 }, { messages: lines(101, 150), complete: false, epoch: 1 },
    ]);
    await talk.load();
    await talk.load();
    expect(talk.isWhole.value).toBe(true);
    await talk.load();
    expect(seqs(talk.messages.value)).toEqual(seqs(lines(101, 150)));
    expect(talk.isWhole.value).toBe(false);
  });

  it('is whole when it was cleared', async () => {
    const talk = talkOf([{ messages: lines(51, 100), complete: false, epoch: 1 }]);
    await talk.load();
    talk.receive({ type: 'chat-cleared', conversationId: '7', epoch: 2 });
    expect(talk.isWhole.value).toBe(true);
  });
});

describe('reactions to a line', () => {
  const thumb = { kind: '+1', count: 1, mine: false };
  const push = (rest: Partial<ChatReacted>): ChatReacted => ({ type: 'chat-reacted', messageId: '1', conversationId: '7', kind: '+1', count: 1, userId: '2', ...rest });
  const after = (reactions: Reaction[] | undefined, rest: Partial<ChatReacted>) => reacted([line(1, { reactions }), line(2)], push(rest), '1')[0]!.reactions;

  it('are counted by the server, in the order in which they came', () => {
    expect(after(undefined, {})).toEqual([thumb]);
    expect(after([thumb], { count: 2 })).toEqual([{ ...thumb, count: 2 }]);
    expect(after([thumb], { kind: 'heart' })).toEqual([thumb, { ...thumb, kind: 'heart' }]);
    expect(after([thumb, { ...thumb, kind: 'heart' }], { count: 0, removed: true })).toEqual([{ ...thumb, kind: 'heart' }]);
  });

  it('are ours when we gave them, on whichever device', () => {
    expect(after([thumb], { count: 2, userId: 1 })).toEqual([{ ...thumb, count: 2, mine: true }]);
    expect(after([{ ...thumb, count: 2, mine: true }], { count: 1, userId: '1', removed: true })).toEqual([thumb]);
    expect(after([{ ...thumb, count: 2, mine: true }], { count: 1, removed: true })).toEqual([{ ...thumb, mine: true }]);
  });

  it('of other lines stay', () => {
    expect(reacted([line(1, { reactions: [thumb] })], push({ messageId: '9', count: 5 }), '1')[0]!.reactions).toEqual([thumb]);
  });

  it('are heard by a talk, and are what a line has when it is said again', () => {
    const talk = new Talk('7', { user: { id: '1' } } as Connection, () => Promise.resolve({ messages: [], complete: true, epoch: 1 }));
    talk.receive(said('7', 1));
    talk.receive(push({ userId: '1' }));
    expect(talk.messages.value[0]!.reactions).toEqual([{ ...thumb, mine: true }]);
    talk.receive(said('7', 1));
    expect(talk.messages.value[0]!.reactions).toEqual([]);
  });

  it('are given, and taken back when they are ours', async () => {
    const asked: unknown[] = [];
    const connection = { request: (type: string, members: object) => Promise.resolve(asked.push({ type, ...members })) } as unknown as Connection;
    const talk = new Talk('7', connection, () => Promise.resolve({ messages: [], complete: true, epoch: 1 }));
    await talk.react(line(1), '+1');
    await talk.react(line(1, { reactions: [{ ...thumb, mine: true }] }), '+1');
    expect(asked).toEqual([false, true].map((remove) => ({ type: 'chat-react', messageId: '1', kind: '+1', remove })));
  });
});

describe('a page of new lines', () => {
  it('is put behind those that are known', () => {
    const known = lines(1, 5);
    expect(seqs(continued(known, known, lines(4, 8)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(seqs(continued(known, known, lines(6, 8)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stands alone where lines are missing between, with what was said meanwhile', () => {
    const known = lines(1, 5);
    expect(seqs(continued([...known, line(61)], known, lines(11, 60)))).toEqual(seqs(lines(11, 61)));
  });

  it('leaves those that are known where nothing is kept', () => {
    const known = lines(1, 5);
    expect(continued(known, known, [])).toEqual(known);
  });
});
