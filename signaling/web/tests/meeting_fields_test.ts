import { describe, expect, it } from 'vitest';
import { change, creation, fieldsOf, kOptions, localTime, newFields, type MeetingDetail } from '../src/app/meeting_fields';

const kMeeting = {
  id: 1, title: 'Planning', description: 'Of the week', meeting_type: 'scheduled', access_type: 'public', scheduled_time: '2030-03-04T09:00:00.000Z', duration_minutes: 50,
  max_participants: 20, password: 'sesame', ...kOptions,
} as MeetingDetail;

describe('the fields of a meeting', () => {
  it('leave out of a new one what the server chooses', () => {
    const body = creation({ ...newFields(Date.parse('2030-03-04T08:20:00Z')), title: '  ' });
    expect(body).toMatchObject({ scheduled_time: '2030-03-04T09:00:00.000Z', duration_minutes: 30, max_participants: 100, guests_allowed: true });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['title']));
    expect(body.password).toBeUndefined();
  });

  it('change nothing as long as nobody changes them', () => {
    expect(change(fieldsOf(kMeeting), fieldsOf(kMeeting))).toEqual({});
    const open = { ...kMeeting, duration_minutes: null, password: undefined, description: undefined };
    expect(change(fieldsOf(open), fieldsOf(open))).toEqual({});
  });

  it('send what was changed, and an empty password to have none', () => {
    const before = fieldsOf(kMeeting);
    const after = { ...before, when: localTime(new Date('2030-03-05T10:30:00Z')), duration: '45', password: '', options: { ...before.options, waiting_room: true } };
    expect(change(before, after)).toEqual({ scheduled_time: '2030-03-05T10:30:00.000Z', duration_minutes: 45, password: '', waiting_room: true });
  });
});
