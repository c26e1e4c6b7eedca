// Uploads a recording in numbered parts while it runs. What could not be sent is tried again with the next part.
export interface PartUploadOptions {
  partBytes: number; // the most that the server takes at once
  send: (part: number, bytes: Blob) => Promise<unknown>;
  wait: (ms: number) => Promise<void>;
  now: () => number; // milliseconds
}

// The smaller and the sooner, the less is lost with a closed tab.
const kEnoughBytes = 1 << 20;
const kEveryMs = 15_000;
const kTries = 5;

export class PartUpload {
  parts = 0; // that the server has
  private pending: Blob[] = [];
  private sentAt: number;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: PartUploadOptions) {
    this.sentAt = options.now();
  }

  add(blob: Blob): void {
    this.pending.push(blob);
    const bytes = this.pending.reduce((sum, one) => sum + one.size, 0);
    if (bytes >= kEnoughBytes || this.options.now() - this.sentAt >= kEveryMs) void this.flush();
  }

  // Whether everything that was added is at the server.
  async flush(): Promise<boolean> {
    this.sentAt = this.options.now();
    this.queue = this.queue.then(() => this.sendPending());
    await this.queue;
    return this.pending.length === 0;
  }

  private async sendPending(): Promise<void> {
    if (this.pending.length === 0) return;
    let rest = new Blob(this.pending);
    this.pending = [];
    while (rest.size > 0) {
      const part = rest.slice(0, this.options.partBytes);
      if (!(await this.sendOne(part))) break;
      rest = rest.slice(part.size);
    }
    if (rest.size > 0) this.pending.unshift(rest);
  }

  private async sendOne(part: Blob): Promise<boolean> {
    for (let attempt = 0; attempt < kTries; attempt++) {
      if (attempt > 0) await this.options.wait(500 * 2 ** attempt);
      try {
        await this.options.send(this.parts + 1, part);
        this.parts++;
        return true;
      } catch {
        // Tried again: a part that comes twice replaces itself.
      }
    }
    return false;
  }
}
