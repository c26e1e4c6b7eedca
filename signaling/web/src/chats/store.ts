// One's private conversations over however many sessions it takes: what was said last in each, how much of it is unread, and
// the one that is open.
import { signal } from '@preact/signals';
import { account, connect, whenConnected } from '../app/session';
import { SignalError, type Connection, type Frame } from '../client';
import { told } from '../ui/told';
import { conversation, conversations, kListed, leaveGroup, readPage, type Conversation } from './api';
import { entryFrom, heard, relisted, unread, type Entry } from './entries';
import { Talk } from './talk';

const kPage = 40; // of what is shown; each is subscribed to, and the server counts what we ask for
const kRetries = 6; // of what could not be read; then it waits until it changes, or the list is read
const kRetryMs = 1_000; // before the first, at most; twice as long before each that follows

export class Chats {
  readonly entries = signal<Entry[] | null>(null); // the last used first
  readonly problem = signal<SignalError | null>(null);
  readonly most = signal(kPage); // so many are shown, and listened to
  readonly isWhole = signal(true); // the server lists no others
  readonly talk = signal<Talk | null>(null); // of the one that is open
  readonly failure = signal<SignalError | null>(null); // why there is nothing to show of it
  private readonly listened = new Map<string, Promise<unknown>>(); // by id, what was asked of the server
  private readonly changed = new Map<string, number>(); // to be read again; by id, how often that failed
  private readonly retries = new Map<string, ReturnType<typeof setTimeout>>(); // by id
  private isReading = false;
  private isHere = false;
  private leaving = '';
  private connection!: Connection; // since open()

  open(): () => void {
    const connection = (this.connection = connect());
    this.isHere = true;
    const seen = () => {
      if (document.visibilityState !== 'visible') return;
      this.markRead();
      void this.refresh();
    };
    document.addEventListener('visibilitychange', seen);
    const stops = [connection.on('push', (frame) => this.receive(frame)), connection.on('reset', () => void this.begin())];
    void this.refresh();
    return () => {
      this.isHere = false;
      document.removeEventListener('visibilitychange', seen);
      stops.forEach((stop) => stop());
      this.retries.forEach((timer) => clearTimeout(timer));
      [...this.listened.keys()].forEach((id) => this.unsubscribe(id));
    };
  }

  async refresh(): Promise<void> {
    try {
      await whenConnected(this.connection);
      await this.list();
      this.problem.value = null;
    } catch (error) {
      if (!this.entries.value) this.problem.value = error as SignalError;
    }
    await this.listen().catch(() => {});
  }

  async more(): Promise<void> {
    this.most.value += kPage;
    if (!this.isWhole.value && (this.entries.value ?? []).length <= this.most.value) await this.list();
    await this.listen();
  }

  // Begins to show one; the result ends it.
  show(id: string): () => void {
    const talk = new Talk(id, this.connection, (before) => readPage(id, before));
    this.talk.value = talk;
    void this.enter(talk);
    return () => {
      talk.close();
      if (this.talk.value !== talk) return;
      this.talk.value = null;
      this.failure.value = null;
    };
  }

  add(entry: Entry): void {
    this.entries.value = [entry, ...(this.entries.value ?? []).filter(({ id }) => id !== entry.id)];
  }

  // Whether it was done.
  async leave(id: string): Promise<boolean> {
    this.leaving = id;
    const isDone = await told(leaveGroup(id, account.value!.id));
    this.leaving = '';
    if (isDone) this.forget(id);
    else if (!this.find(id)) this.showGone(id); // it was done, and the answer was lost
    return isDone;
  }

  find(id: string): Entry | undefined {
    return this.entries.value?.find((entry) => entry.id === id);
  }

  private self(): string {
    return String(account.value?.id);
  }

  private receive(frame: Frame): void {
    if (frame.conversationId === undefined) return;
    const id = String(frame.conversationId);
    if (frame.type === 'conversation-changed') return void this.readAgain(id);
    if (!this.entries.value) return;
    this.entries.value = heard(this.entries.value, frame, this.self());
    const talk = this.talk.value;
    if (id !== talk?.id) return;
    talk.receive(frame);
    if (frame.type === 'chat') this.markRead();
  }

  // In a session that knows nothing of the one before it.
  private async begin(): Promise<void> {
    this.listened.clear();
    const talk = this.talk.value;
    const known = talk?.messages.value;
    await this.refresh();
    if (!talk || talk !== this.talk.value) return;
    await talk.load(known).catch(() => {});
    this.showAgain(talk.id); // it was being opened when the old session was lost
  }

  // As far as it is shown.
  private async list(): Promise<void> {
    const before = new Map(this.entries.value?.map(({ id, lastSeq }) => [id, lastSeq]));
    const read: Conversation[] = [];
    let isWhole = false;
    for (let page = 1; !isWhole && read.length <= this.most.value; page++) {
      const next = await conversations(page);
      read.push(...next);
      isWhole = next.length < kListed;
    }
    if (!this.isHere) return;
    const open = this.talk.value?.id;
    this.isWhole.value = isWhole;
    this.entries.value = relisted(this.entries.value ?? [], before, read, open);
    // It is far down the list, or we are not in it any more.
    if (open !== undefined && !read.some(({ id }) => String(id) === open)) await this.read(open);
  }

  // What it is like now, or that it is gone; later, if neither can be said.
  private async read(id: string, failed = 0): Promise<void> {
    try {
      const one = await conversation(id);
      if (!this.isHere) return;
      const entry = entryFrom(one, this.find(id));
      if (this.find(id)) this.entries.value = this.entries.value!.map((each) => (each.id === id ? entry : each));
      else this.add(entry);
    } catch (error) {
      if (!this.isHere) return;
      if ((error as SignalError).code === 'not_found') this.gone(id);
      else if (failed < kRetries && !this.changed.has(id)) this.retry(id, failed);
    }
  }

  // All members hear of a change at the same moment: they do not come back at the same moment too.
  private retry(id: string, failed: number): void {
    clearTimeout(this.retries.get(id));
    const wait = (kRetryMs * 2 ** failed * (1 + Math.random())) / 2;
    this.retries.set(id, setTimeout(() => void this.readAgain(id, failed + 1), wait));
  }

  // One after the other, and each once however often it changed meanwhile.
  private async readAgain(id: string, failed = 0): Promise<void> {
    clearTimeout(this.retries.get(id));
    this.retries.delete(id);
    this.changed.set(id, failed);
    if (this.isReading) return;
    this.isReading = true;
    for (const [next, failures] of this.changed) {
      if (!this.isHere) break;
      this.changed.delete(next);
      await this.read(next, failures);
      this.listened.delete(next); // the server forgets who leaves, also who is back already
      await this.listen().catch(() => {});
      this.showAgain(next);
    }
    this.isReading = false;
  }

  // What could not be shown until now: somebody let us in again.
  private showAgain(id: string): void {
    const talk = this.talk.value;
    if (talk?.id === id && this.failure.value && this.find(id)) void this.enter(talk);
  }

  private gone(id: string): void {
    if (!this.find(id)) return;
    this.forget(id);
    if (this.leaving !== id) this.showGone(id);
  }

  private showGone(id: string): void {
    if (this.talk.value?.id === id) this.failure.value = new SignalError('not_found');
  }

  private forget(id: string): void {
    this.entries.value = this.entries.value?.filter((entry) => entry.id !== id) ?? null;
    this.unsubscribe(id);
  }

  private async enter(talk: Talk): Promise<void> {
    this.failure.value = null;
    const isShown = () => this.talk.value === talk;
    try {
      await whenConnected(this.connection);
      if (isShown() && !this.find(talk.id)) {
        const one = await conversation(talk.id);
        if (isShown()) this.add(entryFrom(one, this.find(talk.id)));
      }
      if (!isShown()) return;
      await this.subscribe(this.find(talk.id)!);
      await talk.load();
      if (isShown()) this.markRead();
    } catch (error) {
      if (isShown()) this.failure.value = error as SignalError;
    }
  }

  // To what is shown and was not heard yet, and to nothing that is not listed any more. The answer is followed by the last
  // line, and by what was said since the list was made.
  private async listen(): Promise<void> {
    if (!this.isHere) return;
    const open = this.talk.value?.id;
    const shown = (this.entries.value ?? []).filter(({ id }, index) => index < this.most.value || id === open);
    for (const id of [...this.listened.keys()]) if (!this.find(id)) this.unsubscribe(id);
    await Promise.all(shown.map((entry) => this.subscribe(entry)));
  }

  private subscribe({ id, lastSeq }: Entry): Promise<unknown> {
    const before = this.listened.get(id);
    if (before) return before;
    const asked = this.connection.request('subscribe', { conversationId: id, after: Math.max(0, lastSeq - 1) });
    this.listened.set(id, asked);
    asked.catch(() => {
      if (this.listened.get(id) === asked) this.listened.delete(id);
    });
    return asked;
  }

  // Once the server has answered: it is done with the one request sooner than with the other.
  private unsubscribe(id: string): void {
    const asked = this.listened.get(id);
    this.listened.delete(id);
    void asked?.then(() => this.connection.request('unsubscribe', { conversationId: id })).catch(() => {});
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
