// The lobby's conversation and presence, over however many sessions it takes.
import { batch, signal } from '@preact/signals';
import { connect, whenConnected } from '../app/session';
import { Talk, type Page } from '../chats/talk';
import { SignalError, type Connection, type User } from '../client';

const kRoom = 'general';

export interface Person {
  userId: string;
  name: string;
  state: 'online' | 'away' | 'offline';
}

export class Lobby {
  readonly talk = signal<Talk | null>(null); // since open()
  readonly people = signal<Person[]>([]);
  readonly self = signal<User | null>(null); // since we know who is here
  readonly refusal = signal<SignalError | null>(null);
  private connection!: Connection; // since open()

  open(): () => void {
    let here = true;
    const connection = connect();
    this.connection = connection;
    const talk = new Talk(kRoom, connection, async (before) => {
      const page = (await connection.request('chat-history', { conversationId: kRoom, limit: 50, ...(before ? { before } : {}) })) as unknown as Page;
      return { ...page, messages: page.messages.map((line) => ({ reactions: [], ...line })) }; // they may have gone since we knew the line
    });
    this.talk.value = talk;
    const enter = () => this.enter(talk, () => here);
    const stops = [
      connection.on('push', (frame) => {
        if (frame.type === 'presence') this.present(frame.users as object[]);
        else if (frame.conversationId === kRoom) talk.receive(frame);
      }),
      connection.on('reset', () => void enter().then(() => connection.resendPending())),
      connection.on('state', () => this.closed()),
    ];
    void enter();
    return () => {
      here = false;
      stops.forEach((stop) => stop());
      talk.close();
      for (const what of [{ conversationId: kRoom }, { topic: 'presence' }]) connection.request('unsubscribe', what).catch(() => {});
    };
  }

  // A page that is left before the connection stands asks for nothing any more.
  private async enter(talk: Talk, isHere: () => boolean): Promise<void> {
    const { connection } = this;
    try {
      await whenConnected(connection);
      if (!isHere()) return;
      const [, , presence] = await Promise.all([
        connection.request('subscribe', { conversationId: kRoom }),
        talk.load(),
        connection.request('subscribe', { topic: 'presence' }),
      ]);
      batch(() => {
        this.refusal.value = null;
        this.self.value = connection.user;
        this.people.value = [];
        this.present(presence.users as object[]);
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
