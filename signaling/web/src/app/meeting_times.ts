// Which meetings come, and in which order people look for them.
import type { MeetingEntry } from './meetings';

const kUsualMinutes = 60;

// Scheduled, and by its plan not over yet: the server ends no meeting by the clock.
export function isComing({ scheduled_time, duration_minutes, status }: MeetingEntry, now: number): boolean {
  if (!scheduled_time || status === 'ended') return false;
  return Date.parse(scheduled_time) + (duration_minutes ?? kUsualMinutes) * 60_000 > now;
}

// What comes, the next first; then the others as they are.
export function inOrder(meetings: MeetingEntry[], now: number): MeetingEntry[] {
  const coming = meetings.filter((one) => isComing(one, now)).sort((a, b) => a.scheduled_time!.localeCompare(b.scheduled_time!));
  return [...coming, ...meetings.filter((one) => !coming.includes(one))];
}
