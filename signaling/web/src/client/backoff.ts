// When to try again: full jitter, within the first second at first, doubling up to half a minute.
export class Backoff {
  private tries = 0;

  constructor(
    private readonly random: () => number,
    private readonly first = 1000,
    private readonly most = 30_000,
  ) {}

  // Never more than `most` ahead, where there is less time.
  next(most = this.most): number {
    const bound = Math.min(this.most, most, this.first * 2 ** this.tries);
    this.tries++;
    return Math.round(this.random() * bound);
  }

  reset(): void {
    this.tries = 0;
  }
}
