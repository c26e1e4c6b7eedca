// Requests that wait for their reply. After a resume they are sent again with the same ids, in their order.
import { SignalError } from './failure';
import type { Frame, Id } from './protocol';

export interface Pending {
  frame: Frame;
  durable: boolean; // may be repeated in a new session, as a chat message with its key
  resolve(reply: Frame): void;
  reject(error: SignalError): void;
  cancelTimer(): void;
  sentOver?: object; // the socket
}

export class Requests {
  private waiting = new Map<Id, Pending>();
  private lastId = 0;

  nextId(): number {
    return ++this.lastId;
  }

  add(pending: Pending): void {
    this.waiting.set(pending.frame.id as Id, pending);
  }

  // Those that were not sent over this socket yet, in order.
  takeUnsent(socket: object): Frame[] {
    const unsent = [...this.waiting.values()].filter((pending) => pending.sentOver !== socket);
    for (const pending of unsent) pending.sentOver = socket;
    return unsent.map((pending) => pending.frame);
  }

  // True when the frame was the reply to one of ours.
  settle(frame: Frame): boolean {
    const pending = frame.id === undefined ? undefined : this.take(frame.id);
    if (!pending) return false;
    if (frame.type === 'error') pending.reject(SignalError.from(frame));
    else pending.resolve(frame);
    return true;
  }

  fail(id: Id, error: SignalError): void {
    this.take(id)?.reject(error);
  }

  // The session they were made in is gone.
  failAll(error: SignalError, spareDurable: boolean): void {
    for (const [id, pending] of [...this.waiting]) {
      if (!(spareDurable && pending.durable)) this.fail(id, error);
    }
  }

  private take(id: Id): Pending | undefined {
    const pending = this.waiting.get(id);
    this.waiting.delete(id);
    pending?.cancelTimer();
    return pending;
  }
}
