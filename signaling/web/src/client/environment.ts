// What the library needs of the world: time, chance and sockets. Tests bring their own.
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface Environment {
  now(): number;
  random(): number;
  // Runs once after so many milliseconds, unless the returned function is called before.
  after(ms: number, run: () => void): () => void;
  openSocket(url: string, protocol: string): Socket;
}

export const browserEnvironment: Environment = {
  now: () => performance.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  openSocket: (url, protocol) => new WebSocket(url, protocol) as unknown as Socket,
};
