// The lobby's conversation and presence, over however many sessions it takes.
import { batch, signal } from '@preact/signals';
import { connect, whenConnected } from '../app/session';
import { mergeChat, SignalError, type ChatMessage, type Connection, type Frame, type User } from '../client';
import { told } from '../ui/told';

const kRoom = 'general';
const kTypingMs = 6_000; // who does not say that they stopped has gone

export interface Person {
  userId: string;
  name: string;
  state: 'online' | 'away' | 'offline';
}

export class Lobby {
  readonly messages = signal<ChatMessage[]>([]);
  readonly people = signal<Person[]>([]);
  readonly typing = signal<string[]>([]);
  readonly self = signal<User | null>(null); // since we know who is here
  readonly refusal = signal<SignalError | null>(null);
  private readonly writers = new Map<string, ReturnType<typeof setTimeout>>(); // by name
  private connection!: Connection; // since open()

  open(): () => void {
    let here = true;
    this.connection = connect();
    const enter = () => this.enter(() => here);
    const stops = [
      this.connection.on('push', (frame) => this.receive(frame)),
      this.connection.on('reset', () => void enter().then(() => this.connection.resendPending())),
      this.connection.on('state', () => this.closed()),
    ];
    void enter();
    return () => {
      here = false;
      stops.forEach((stop) => stop());
      this.writers.forEach((timer) => clearTimeout(timer));
      for (const what of [{ conversationId: kRoom }, { topic: 'presence' }]) this.connection.request('unsubscribe', what).catch(() => {});
    };
  }

  async send(message: string): Promise<boolean> {
    const key = `lobby-${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
    return told(this.connection.request('chat', { conversationId: kRoom, message, key }, { durable: true }));
  }

  type(isTyping: boolean): void {
    this.connection.notify('typing', { conversationId: kRoom, isTyping });
  }

  remove(messageId: string): Promise<boolean> {
    return told(this.connection.request('chat-delete', { messageId }));
  }

  async loadEarlier(): Promise<boolean> {
    const before = this.messages.value[0]?.seq;
    const reply = await this.connection.request('chat-history', { conversationId: kRoom, limit: 50, ...(before ? { before } : {}) });
    this.messages.value = mergeChat(this.messages.value, reply.messages as ChatMessage[]);
    return reply.complete !== true;
  }

  // A page that is left before the connection stands asks for nothing any more.
  private async enter(isHere: () => boolean): Promise<void> {
    const connection = this.connection;
    try {
      await whenConnected(connection);
      if (!isHere()) return;
      const [, history, presence] = await Promise.all([
        connection.request('subscribe', { conversationId: kRoom }),
        connection.request('chat-history', { conversationId: kRoom, limit: 50 }),
        connection.request('subscribe', { topic: 'presence' }),
      ]);
      batch(() => {
        this.refusal.value = null;
        this.self.value = connection.user;
        this.messages.value = mergeChat(this.messages.value, history.messages as ChatMessage[]);
        this.people.value = [];
        this.present(presence.users as Frame[]);
      });
    } catch (error) {
      this.refusal.value = error as SignalError;
    }
  }

  // For good: what the server refused, or took back.
  private closed(): void {
    const { state, refusal } = this.connection;
    if (state.name === 'closed') this.refusal.value = refusal ?? new SignalError(state.code === 4403 ? 'forbidden' : 'closed');
  }

  private receive(frame: Frame): void {
    if (frame.type === 'presence') return this.present(frame.users as Frame[]);
    if (frame.conversationId !== kRoom) return;
    const messageId = String(frame.messageId);
    if (frame.type === 'chat') this.said(frame as unknown as ChatMessage);
    else if (frame.type === 'typing') this.writes(String(frame.username), frame.isTyping === true);
    else if (frame.type === 'chat-edited') this.patch(messageId, { message: String(frame.message), editedAt: String(frame.editedAt) });
    else if (frame.type === 'chat-deleted') this.patch(messageId, { message: '', deletedAt: String(frame.deletedAt ?? true) });
    else if (frame.type === 'chat-cleared') this.messages.value = [];
  }

  private said(message: ChatMessage): void {
    this.writes(message.username, false);
    this.messages.value = mergeChat(this.messages.value, [message]);
  }

  private writes(name: string, isTyping: boolean): void {
    clearTimeout(this.writers.get(name));
    this.writers.delete(name);
    if (isTyping) this.writers.set(name, setTimeout(() => this.writes(name, false), kTypingMs));
    this.typing.value = [...this.writers.keys()];
  }

  private patch(messageId: string, patch: Partial<ChatMessage>): void {
    this.messages.value = this.messages.value.map((message) => (message.messageId === messageId ? { ...message, ...patch } : message));
  }

  private present(users: object[] | undefined): void {
    const people = new Map(this.people.value.map((person) => [person.userId, person]));
    for (const user of (users ?? []) as { userId: string; username?: string; name?: string; state: Person['state'] }[]) {
      const userId = String(user.userId);
      if (user.state === 'offline') people.delete(userId);
      else people.set(userId, { userId, name: user.name ?? user.username ?? userId, state: user.state });
    }
    this.people.value = [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
}
