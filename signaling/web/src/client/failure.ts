// An `error` of the protocol, or the same made by the client: `timeout`, `session_lost`, `closed`.
export class SignalError extends Error {
  constructor(
    readonly code: string,
    message = code,
    readonly retryable = false,
    readonly retryAfterMs?: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'SignalError';
  }

  static from(frame: Record<string, unknown>): SignalError {
    return new SignalError(
      String(frame.code ?? 'internal'),
      String(frame.message ?? frame.code ?? 'internal'),
      frame.retryable === true,
      typeof frame.retryAfterMs === 'number' ? frame.retryAfterMs : undefined,
      (frame.details as Record<string, unknown>) ?? {},
    );
  }
}
