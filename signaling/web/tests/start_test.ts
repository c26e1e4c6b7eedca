import { describe, expect, it } from 'vitest';
import { bestColumns } from '../src/meeting/grid';
import { meetingFrom } from '../src/app/meeting_code';
import { inOrder, isComing } from '../src/app/meeting_times';
import type { MeetingEntry } from '../src/app/meetings';

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

describe('meetings', () => {
  const kNow = Date.parse('2030-03-04T12:00:00Z');
  let made = 0;
  const meeting = (title: string, scheduled_time: string | null, rest: Partial<MeetingEntry> = {}) => ({ id: ++made, title, scheduled_time, created_at: '2030-01-01T00:00:00Z', status: 'waiting', ...rest }) as MeetingEntry;

  it('come until their time is over, unless they were ended', () => {
    expect(isComing(meeting('begun', '2030-03-04T11:30:00Z'), kNow)).toBe(true);
    expect(isComing(meeting('over', '2030-03-04T11:30:00Z', { duration_minutes: 30 }), kNow)).toBe(false);
    expect(isComing(meeting('ended', '2030-03-05T11:30:00Z', { status: 'ended' }), kNow)).toBe(false);
    expect(isComing(meeting('at any time', null), kNow)).toBe(false);
  });

  it('are listed with the next first, then those that run, then the others with the newest first', () => {
    const listed = [
      meeting('at any time', null), meeting('later', '2030-03-06T09:00:00Z'), meeting('last month', '2030-02-05T09:00:00Z'), meeting('runs', '2030-03-04T11:50:00Z', { status: 'active' }),
      meeting('last week', '2030-02-25T09:00:00Z', { status: 'ended' }), meeting('next', '2030-03-05T09:00:00Z'), meeting('runs longer', null, { status: 'active' }),
    ];
    expect(inOrder(listed, kNow).map(({ title }) => title)).toEqual(['next', 'later', 'runs', 'runs longer', 'last week', 'last month', 'at any time']);
  });

  it('are listed once, also when they came on two pages', () => {
    const twice = meeting('next', '2030-03-05T09:00:00Z');
    expect(inOrder([twice, { ...twice }], kNow)).toHaveLength(1);
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
