// A recording on its way to the server.
import { describe, expect, it, vi } from 'vitest';
import { PartUpload } from '../src/media/part_upload';

function server() {
  const world = { now: 0, broken: 0, parts: new Map<number, string>(), waits: [] as number[] };
  const upload = new PartUpload({
    partBytes: 2 << 20,
    now: () => world.now,
    wait: async (ms) => void world.waits.push(ms),
    send: async (part, bytes) => {
      if (world.broken-- > 0) throw new Error('cut');
      world.parts.set(part, await bytes.text());
    },
  });
  return { world, upload };
}
const text = (letter: string, size: number) => new Blob([letter.repeat(size)]);

describe('a recording', () => {
  it('goes up when enough of it is there, and what is left at the end', async () => {
    const { world, upload } = server();
    upload.add(text('a', 700_000));
    expect(world.parts.size).toBe(0);
    upload.add(text('b', 700_000));
    await vi.waitFor(() => expect(upload.parts).toBe(1));
    upload.add(text('c', 10));

    expect(await upload.flush()).toBe(true);
    expect(upload.parts).toBe(2);
    expect([...world.parts.values()].join('')).toBe('a'.repeat(700_000) + 'b'.repeat(700_000) + 'c'.repeat(10));
  });

  it('goes up after some time even when it is small', async () => {
    const { world, upload } = server();
    world.now = 16_000;
    upload.add(text('a', 10));
    await vi.waitFor(() => expect(upload.parts).toBe(1));
    expect(world.parts.get(1)).toBe('a'.repeat(10));
  });

  it('never sends a part that is larger than the server takes', async () => {
    const { world, upload } = server();
    upload.add(text('a', 5 << 20));

    expect(await upload.flush()).toBe(true);
    expect([...world.parts.values()].map((part) => part.length)).toEqual([2 << 20, 2 << 20, 1 << 20]);
  });

  it('tries a part again, a little later each time', async () => {
    const { world, upload } = server();
    world.broken = 2;
    upload.add(text('a', 10));

    expect(await upload.flush()).toBe(true);
    expect(world.waits).toEqual([1_000, 2_000]);
  });

  it('keeps what could not be sent, in order, for the next time', async () => {
    const { world, upload } = server();
    world.broken = 5;
    upload.add(text('a', 10));
    expect(await upload.flush()).toBe(false);
    expect(upload.parts).toBe(0);

    upload.add(text('b', 10));
    expect(await upload.flush()).toBe(true);
    expect([...world.parts.values()]).toEqual(['a'.repeat(10) + 'b'.repeat(10)]);
  });
});
