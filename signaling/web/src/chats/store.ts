// One's private conversations over however many sessions it takes: what was said last in each, how much of it is unread, and
// the one that is open.
import { signal } from '@preact/signals';
import { account, connect, whenConnected } from '../app/session';
import { mergeChat, type ChatMessage, type Connection, type SignalError } from '../client';
import { told } from '../ui/told';
import { conversation, conversations, react, readPage } from './api';
import { entryFrom, heard, unread, type Entry } from './entries';
import { Talk } from './talk';

const kPage = 40; // of the list; each is subscribed to, and the server counts what we ask for

export class Chats {
  readonly entries = signal<Entry[] | null>(null); // the last used first
  readonly problem = signal<SignalError | null>(null);
  readonly most = signal(kPage); // so many are shown, and listened to
  readonly talk = signal<Talk | null>(null); // of the one that is open
  private readonly listened = new Set<string>();
  private connection!: Connection; // since open()

  open(): () => void {
    const connection = (this.connection = connect());
    const seen = () => {
      if (document.visibilityState !== 'visible') return;
      this.markRead();
      void this.refresh(); // nobody tells us of a conversation that somebody began with us
    };
    document.addEventListener('visibilitychange', seen);
    const stops = [
      connection.on('push', (frame) => {
        if (frame.conversationId === undefined || !this.entries.value) return;
        this.entries.value = heard(this.entries.value, frame, this.self());
        if (frame.conversationId !== this.talk.value?.id) return;
        this.talk.value.receive(frame);
        if (frame.type === 'chat') this.markRead();
      }),
      connection.on('reset', () => {
        this.listened.clear();
        const talk = this.talk.value;
        const known = talk?.messages.value;
        void this.refresh().then(() => talk?.load(known)).catch(() => {});
      }),
    ];
    void this.refresh();
    return () => {
      document.removeEventListener('visibilitychange', seen);
      stops.forEach((stop) => stop());
      this.listened.forEach((conversationId) => connection.request('unsubscribe', { conversationId }).catch(() => {}));
    };
  }

  async refresh(): Promise<void> {
    try {
      await whenConnected(this.connection);
      const known = new Map(this.entries.value?.map((entry) => [entry.id, entry]));
      this.entries.value = (await conversations()).map((one) => entryFrom(one, known.get(String(one.id))));
      this.problem.value = null;
      await this.listen();
    } catch (error) {
      if (!this.entries.value) this.problem.value = error as SignalError;
    }
  }

  async more(): Promise<void> {
    this.most.value += kPage;
    await this.listen();
  }

  // Begins to show one; the result ends it. `failed` hears why there is nothing to show.
  show(id: string, failed: (error: SignalError) => void): () => void {
    const talk = new Talk(id, this.connection, (before) => readPage(id, before));
    this.talk.value = talk;
    void this.enter(talk).catch(failed);
    return () => {
      talk.close();
      if (this.talk.value === talk) this.talk.value = null;
    };
  }

  async react(line: ChatMessage, kind: string): Promise<void> {
    const talk = this.talk.value!;
    const isMine = line.reactions?.some((one) => one.kind === kind && one.mine);
    await told(react(talk.id, line.messageId, kind, isMine ? 'delete' : 'put').then((now) => {
      talk.messages.value = mergeChat(talk.messages.value, [now]);
    }));
  }

  add(entry: Entry): void {
    this.entries.value = [entry, ...(this.entries.value ?? []).filter(({ id }) => id !== entry.id)];
  }

  forget(id: string): void {
    this.entries.value = this.entries.value?.filter((entry) => entry.id !== id) ?? null;
  }

  find(id: string): Entry | undefined {
    return this.entries.value?.find((entry) => entry.id === id);
  }

  private self(): string {
    return String(account.value?.id);
  }

  private async enter(talk: Talk): Promise<void> {
    await whenConnected(this.connection);
    if (!this.find(talk.id)) this.add(entryFrom(await conversation(talk.id)));
    await this.subscribe(this.find(talk.id)!);
    await talk.load();
    this.markRead();
  }

  // To what is shown and was not heard yet. The answer is followed by the last line, and by what was said since the list was made.
  private async listen(): Promise<void> {
    await Promise.all((this.entries.value ?? []).slice(0, this.most.value).map((entry) => this.subscribe(entry)));
  }

  private async subscribe({ id, lastSeq }: Entry): Promise<void> {
    if (this.listened.has(id)) return;
    this.listened.add(id);
    try {
      await this.connection.request('subscribe', { conversationId: id, after: Math.max(0, lastSeq - 1) });
    } catch (error) {
      this.listened.delete(id);
      throw error;
    }
  }

  // What is shown has been read, if somebody looks.
  private markRead(): void {
    const talk = this.talk.value;
    const entry = talk?.isLoaded.value ? this.find(talk.id) : undefined;
    if (!entry || unread(entry) === 0 || document.visibilityState !== 'visible') return;
    const { id, lastSeq } = entry;
    this.entries.value = this.entries.value!.map((one) => (one === entry ? { ...one, lastReadSeq: lastSeq } : one));
    this.connection.request('chat-read', { conversationId: id, seq: lastSeq }).catch(() => {});
  }
}
