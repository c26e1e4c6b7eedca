// The lobby's conversation and presence, over however many sessions it takes.
import { batch, signal } from '@preact/signals';
import { errorText } from '../app/i18n';
import { connect, whenConnected } from '../app/session';
import { mergeChat, type ChatMessage, type Connection, type Frame } from '../client';
import { notify } from '../ui/controls';

const kRoom = 'general';

export interface Person {
  userId: string;
  name: string;
  state: 'online' | 'away' | 'offline';
}

export class Lobby {
  readonly messages = signal<ChatMessage[]>([]);
  readonly people = signal<Person[]>([]);
  readonly typing = signal<string[]>([]);
  readonly ownId = signal<string | null>(null);
  readonly problem = signal<string | null>(null);
  private connection: Connection | null = null;

  open(): () => void {
    const connection = connect();
    this.connection = connection;
    void this.enter();
    const stops = [
      connection.on('push', (frame) => this.receive(frame)),
      connection.on('reset', () => void this.enter().then(() => connection.resendPending())),
    ];
    return () => {
      stops.forEach((stop) => stop());
      for (const what of [{ conversationId: kRoom }, { topic: 'presence' }]) connection.request('unsubscribe', what).catch(() => {});
    };
  }

  async send(message: string): Promise<boolean> {
    const key = `lobby-${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
    return this.tell(this.connection!.request('chat', { conversationId: kRoom, message, key }, { durable: true }));
  }

  type(isTyping: boolean): void {
    this.connection?.notify('typing', { conversationId: kRoom, isTyping });
  }

  remove(messageId: string): Promise<boolean> {
    return this.tell(this.connection!.request('chat-delete', { messageId }));
  }

  async loadEarlier(): Promise<boolean> {
    const before = this.messages.value[0]?.seq;
    const reply = await this.connection!.request('chat-history', { conversationId: kRoom, limit: 50, ...(before ? { before } : {}) });
    this.messages.value = mergeChat(this.messages.value, reply.messages as ChatMessage[]);
    return reply.complete !== true;
  }

  private async enter(): Promise<void> {
    const connection = this.connection!;
    try {
      await whenConnected(connection);
      this.ownId.value = connection.user?.id ?? null;
      const [, history, presence] = await Promise.all([
        connection.request('subscribe', { conversationId: kRoom }),
        connection.request('chat-history', { conversationId: kRoom, limit: 50 }),
        connection.request('subscribe', { topic: 'presence' }),
      ]);
      batch(() => {
        this.problem.value = null;
        this.messages.value = mergeChat(this.messages.value, history.messages as ChatMessage[]);
        this.present(presence.users as Frame[]);
      });
    } catch (error) {
      this.problem.value = errorText(error);
    }
  }

  private receive(frame: Frame): void {
    if (frame.type === 'presence') return this.present(frame.users as Frame[]);
    if (frame.conversationId !== kRoom) return;
    const messageId = String(frame.messageId);
    if (frame.type === 'chat') this.messages.value = mergeChat(this.messages.value, [frame as unknown as ChatMessage]);
    else if (frame.type === 'chat-edited') this.patch(messageId, { message: String(frame.message), editedAt: String(frame.editedAt) });
    else if (frame.type === 'chat-deleted') this.patch(messageId, { message: '', deletedAt: String(frame.deletedAt ?? true) });
    else if (frame.type === 'chat-cleared') this.messages.value = [];
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

  private async tell(asked: Promise<unknown>): Promise<boolean> {
    try {
      await asked;
      return true;
    } catch (error) {
      notify(errorText(error), 'alert');
      return false;
    }
  }
}
