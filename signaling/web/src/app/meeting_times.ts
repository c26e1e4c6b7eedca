// Which meetings come, and in which order people look for them.
import type { MeetingEntry } from './meetings';

const kUsualMinutes = 60;
export const kMostMs = 86_400_000; // of a plan: what began so long ago is over

// Scheduled, and by its plan not over yet: the server ends no meeting by the clock.
export function isComing({ scheduled_time, duration_minutes, status }: MeetingEntry, now: number): boolean {
  if (!scheduled_time || status === 'ended') return false;
  return Date.parse(scheduled_time) + (duration_minutes ?? kUsualMinutes) * 60_000 > now;
}

const timeOf = ({ scheduled_time, created_at }: MeetingEntry) => scheduled_time ?? created_at;

// The next first.
export function byTime(one: MeetingEntry, other: MeetingEntry): number {
  return timeOf(one).localeCompare(timeOf(other));
}

// What comes, the next first; then what runs and what was, each with the newest first: more of them go behind those that are
// shown. Each once.
export function inOrder(meetings: MeetingEntry[], now: number): MeetingEntry[] {
  const all = [...new Map(meetings.map((one) => [one.id, one])).values()].sort(byTime);
  const isRunning = ({ status }: MeetingEntry) => status === 'active';
  const coming = all.filter((one) => !isRunning(one) && isComing(one, now));
  const others = all.filter((one) => !coming.includes(one)).reverse();
  return [...coming, ...others.filter(isRunning), ...others.filter((one) => !isRunning(one))];
}
