import { describe, expect, it } from 'vitest';
import { bestColumns } from '../src/meeting/grid';
import { meetingFrom } from '../src/app/meeting_code';

describe('meetingFrom', () => {
  it.each([
    ['bcdfghjklm', 'BCDFGHJKLM'],
    [' bcd-fghj-klm ', 'BCDFGHJKLM'],
    ['https://example.org/meeting/BCDFGHJKLM', 'BCDFGHJKLM'],
    ['https://example.org/meetings/room/3F2B8C1E-1111-4222-8333-123456789abc/?x=1', '3f2b8c1e-1111-4222-8333-123456789abc'],
    ['', null],
    ['hm!', null],
    ['https://example.org/', null],
  ])('finds in %j %j', (text, found) => {
    expect(meetingFrom(text)).toBe(found);
  });
});

describe('bestColumns', () => {
  it.each([
    [1, 1600, 900, 1],
    [2, 1600, 900, 2],
    [2, 390, 700, 1],
    [4, 1600, 900, 2],
    [9, 1600, 900, 3],
    [5, 390, 700, 1],
  ])('lays %i tiles on %i by %i in %i columns', (count, width, height, columns) => {
    expect(bestColumns(count, width, height, 10).columns).toBe(columns);
  });

  it('never lets the tiles stand out', () => {
    for (let count = 1; count <= 30; count++) {
      const { columns, width } = bestColumns(count, 1280, 660, 10);
      const rows = Math.ceil(count / columns);
      expect(columns * width + (columns - 1) * 10).toBeLessThanOrEqual(1280.001);
      expect((rows * width * 9) / 16 + (rows - 1) * 10).toBeLessThanOrEqual(660.001);
    }
  });
});
