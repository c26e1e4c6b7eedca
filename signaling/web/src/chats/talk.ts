// The lines of one conversation and who writes in it, over however many sessions it takes. Its owner subscribes, and passes
// on what is pushed.
import { batch, signal } from '@preact/signals';
import { applyLines, mergeChat, type ChatMessage, type ChatReacted, type Connection, type Frame, type Reaction } from '../client';
import { told } from '../ui/told';

const kTypingMs = 6_000; // who does not say that they stopped has gone

export interface Page {
  messages: ChatMessage[];
  complete: boolean;
  epoch: number;
}

// Of the newest lines, or of those before a number.
export type ReadPage = (before?: number) => Promise<Page>;

// The newest lines behind those that are known, which stay where none is missing between them: what came before can be asked
// for again. `known` is what was there before the page was asked for.
export function continued(now: ChatMessage[], known: ChatMessage[], page: ChatMessage[]): ChatMessage[] {
  const last = known[known.length - 1]?.seq;
  const first = page[0]?.seq;
  const isWhole = last === undefined || first === undefined || first <= last + 1;
  return mergeChat(isWhole ? now : now.filter((line) => (line.seq ?? 0) > last), page);
}

// After a push. `self` is who looks: what he did on another device is his too.
export function reacted(lines: ChatMessage[], { messageId, kind, count, userId, removed }: ChatReacted, self: string | undefined): ChatMessage[] {
  const changed = (reactions: Reaction[]): Reaction[] => {
    const mine = String(userId) === self ? !removed : reactions.some((one) => one.kind === kind && one.mine);
    const isKnown = reactions.some((one) => one.kind === kind);
    const all = isKnown ? reactions.map((one) => (one.kind === kind ? { kind, count, mine } : one)) : [...reactions, { kind, count, mine }];
    return all.filter((one) => one.count > 0);
  };
  return lines.map((line) => (line.messageId === String(messageId) ? { ...line, reactions: changed(line.reactions ?? []) } : line));
}

export class Talk {
  readonly messages = signal<ChatMessage[]>([]);
  readonly typing = signal<string[]>([]);
  readonly isLoaded = signal(false);
  readonly isWhole = signal(false); // nothing was said before the first line
  private readonly writers = new Map<string, ReturnType<typeof setTimeout>>(); // by name
  private epoch = 0;

  constructor(readonly id: string, private readonly connection: Connection, private readonly read: ReadPage) {}

  // `known` is what we had before the session was lost.
  async load(known = this.messages.value): Promise<void> {
    const page = await this.read();
    const isCleared = this.epoch !== 0 && this.epoch !== page.epoch;
    this.epoch = page.epoch;
    const lines = isCleared ? page.messages : continued(this.messages.value, known, page.messages);
    batch(() => {
      this.messages.value = lines;
      // What was known before the page may have gone: then it can be asked for again.
      if (lines[0]?.messageId === page.messages[0]?.messageId) this.isWhole.value = page.complete;
      this.isLoaded.value = true;
    });
  }

  // True: `isWhole` says when there is nothing before, and that may change.
  async loadEarlier(): Promise<boolean> {
    const page = await this.read(this.messages.value[0]?.seq);
    batch(() => {
      this.messages.value = mergeChat(this.messages.value, page.messages);
      this.isWhole.value = page.complete;
    });
    return true;
  }

  send(message: string): Promise<boolean> {
    const key = `${this.id}-${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
    return told(this.connection.request('chat', { conversationId: this.id, message, key }, { durable: true }));
  }

  type(isTyping: boolean): void {
    this.connection.notify('typing', { conversationId: this.id, isTyping });
  }

  edit({ messageId }: ChatMessage, message: string): Promise<boolean> {
    return told(this.connection.request('chat-edit', { messageId, message }));
  }

  remove({ messageId }: ChatMessage): Promise<boolean> {
    return told(this.connection.request('chat-delete', { messageId }));
  }

  // Or takes it back. The line changes by the push.
  react({ messageId, reactions }: ChatMessage, kind: string): Promise<boolean> {
    const remove = reactions?.some((one) => one.kind === kind && one.mine) ?? false;
    return told(this.connection.request('chat-react', { messageId, kind, remove }));
  }

  receive(frame: Frame): void {
    if (frame.type === 'typing') return this.writes(String(frame.username), frame.isTyping === true);
    if (frame.type === 'chat') this.writes(String(frame.username), false);
    if (frame.type === 'chat-cleared') {
      this.epoch = Number(frame.epoch);
      this.isWhole.value = true;
    }
    const lines = this.messages.value;
    if (frame.type === 'chat-reacted') this.messages.value = reacted(lines, frame as ChatReacted, this.connection.user?.id);
    else this.messages.value = applyLines(lines, frame.type === 'chat' ? { reactions: [], ...frame } : frame);
  }

  close(): void {
    this.writers.forEach((timer) => clearTimeout(timer));
  }

  private writes(name: string, isTyping: boolean): void {
    clearTimeout(this.writers.get(name));
    this.writers.delete(name);
    if (isTyping) this.writers.set(name, setTimeout(() => this.writes(name, false), kTypingMs));
    this.typing.value = [...this.writers.keys()];
  }
}
