// The list of one's private conversations as immutable values, and how each push changes it.
import { applyLines, type ChatMessage, type Frame } from '../client';
import type { Conversation, Member } from './api';

export interface Entry {
  id: string;
  kind: 'direct' | 'group';
  title: string | null; // of a group
  members: Member[];
  lastSeq: number;
  lastReadSeq: number;
  lastLine: ChatMessage | null; // once we know it
}

export function unread({ lastSeq, lastReadSeq }: Entry): number {
  return Math.max(0, lastSeq - lastReadSeq);
}

export function entryFrom(one: Conversation, known?: Entry): Entry {
  return {
    id: String(one.id), kind: one.kind === 'group' ? 'group' : 'direct', title: one.title, members: one.participants,
    lastSeq: Math.max(one.lastSeq, known?.lastSeq ?? 0), lastReadSeq: Math.max(one.lastReadSeq, known?.lastReadSeq ?? 0), lastLine: known?.lastLine ?? null,
  };
}

// The list as it was read, and what has come into it since it was asked for; what has left it since stays away. `before` is
// the last line of each that was in it then: where more was said since, it may have moved from a page that was not read yet to
// one that was. `open` is the one that is shown: it stays wherever in the list it is.
export function relisted(now: Entry[], before: ReadonlyMap<string, number>, read: Conversation[], open?: string): Entry[] {
  const known = new Map(now.map((entry) => [entry.id, entry]));
  const listed = new Map<string, Entry>();
  for (const one of read) {
    const id = String(one.id);
    if (known.has(id) || !before.has(id)) listed.set(id, entryFrom(one, known.get(id)));
  }
  const kept = now.filter(({ id, lastSeq }) => !listed.has(id) && (id === open || lastSeq > (before.get(id) ?? -1)));
  return [...kept, ...listed.values()];
}

// What is said moves a conversation to the front. `self` is the account that looks.
export function heard(entries: Entry[], frame: Frame, self: string): Entry[] {
  const entry = entries.find(({ id }) => id === String(frame.conversationId));
  if (!entry) return entries;
  const next = after(entry, frame, self);
  if (next.lastSeq > entry.lastSeq) return [next, ...entries.filter((one) => one !== entry)];
  return entries.map((one) => (one === entry ? next : one));
}

function after(entry: Entry, frame: Frame, self: string): Entry {
  const isOwn = String(frame.userId) === self;
  const seq = Number(frame.seq ?? 0);
  const lines = applyLines(entry.lastLine ? [entry.lastLine] : [], frame);
  const lastLine = lines[lines.length - 1] ?? null;
  switch (frame.type) {
    case 'chat': // who speaks has read what was said before
      return { ...entry, lastLine, lastSeq: Math.max(entry.lastSeq, seq), lastReadSeq: isOwn ? Math.max(entry.lastReadSeq, seq) : entry.lastReadSeq };
    case 'chat-read':
      return isOwn ? { ...entry, lastReadSeq: Math.max(entry.lastReadSeq, seq) } : entry;
    case 'chat-cleared':
      return { ...entry, lastLine, lastReadSeq: entry.lastSeq };
    default:
      return { ...entry, lastLine };
  }
}
