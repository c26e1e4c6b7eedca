// What can be set about a meeting for later: as the form holds it, and as the HTTP interface takes it.
import type { MeetingEntry } from './meetings';

export const kOptions = {
  waiting_room: false, join_before_host: false, guests_allowed: true, allow_unmute: true, allow_screen_share: true, enable_chat: true, enable_reactions: true,
  is_recorded: false,
};
export type Options = typeof kOptions;

export interface MeetingFields {
  title: string;
  description: string;
  when: string; // local time without a zone, as the field wants it
  duration: string; // minutes; empty: open
  type: string;
  access: string;
  password: string;
  most: string;
  options: Options;
}

export type MeetingDetail = MeetingEntry & Options & { max_participants: number };

export function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// At the next full hour.
export function newFields(now: number): MeetingFields {
  const hour = new Date(now + 3_600_000);
  hour.setMinutes(0, 0, 0);
  return { title: '', description: '', when: localTime(hour), duration: '30', type: 'scheduled', access: 'public', password: '', most: '100', options: kOptions };
}

export function fieldsOf(meeting: MeetingDetail): MeetingFields {
  const names = Object.keys(kOptions) as (keyof Options)[];
  return {
    title: meeting.title, description: meeting.description ?? '', when: localTime(new Date(meeting.scheduled_time!)), duration: String(meeting.duration_minutes ?? ''),
    type: meeting.meeting_type, access: meeting.access_type, password: meeting.password ?? '', most: String(meeting.max_participants),
    options: Object.fromEntries(names.map((name) => [name, meeting[name]])) as Options,
  };
}

function bodyOf(fields: MeetingFields): Record<string, unknown> {
  const { title, description, when, duration, type, access, password, most, options } = fields;
  return {
    ...options, title: title.trim(), description: description.trim(), scheduled_time: new Date(when).toISOString(), duration_minutes: duration ? Number(duration) : undefined,
    meeting_type: type, access_type: access, password, max_participants: Number(most),
  };
}

// What the server chooses itself is left out.
export function creation(fields: MeetingFields): Record<string, unknown> {
  const { title, description, password, ...body } = bodyOf(fields);
  return { ...body, ...(title ? { title } : {}), ...(description ? { description } : {}), ...(password ? { password } : {}) };
}

// Only what is new: a time that stays may have passed, and is not told to the invited again. An empty password is none.
export function change(before: MeetingFields, after: MeetingFields): Record<string, unknown> {
  const old = bodyOf(before);
  return Object.fromEntries(Object.entries(bodyOf(after)).filter(([name, value]) => value !== old[name]));
}
