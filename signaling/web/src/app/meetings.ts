// Meetings as the HTTP interface knows them.
import { http } from './http';
import { isComing, kMostMs } from './meeting_times';
import { account } from './session';

export interface MeetingEntry {
  id: number;
  meeting_id: string;
  code: string;
  title: string;
  description?: string;
  meeting_type: 'instant' | 'scheduled' | 'lecture';
  access_type: 'public' | 'private' | 'approval_required';
  status: 'waiting' | 'active' | 'ended';
  host: { id: number; name: string } | null;
  scheduled_time: string | null;
  created_at: string;
  duration_minutes?: number | null;
  waiting_room: boolean;
  is_password_required: boolean;
  participants_count: number;
  password?: string;
}

export interface Invitation {
  id: number;
  status: string;
  role: string;
  meeting: MeetingEntry;
  invited_by: { id: number; name: string } | string | null;
}

export interface MeetingList {
  meetings: MeetingEntry[];
  invitations: Invitation[];
  total: number;
  calendar_url?: string;
}

export const kMeetingPage = 100;

// The server's order is that of their making, the newest first.
export function listMeetings(page: number, filter = ''): Promise<MeetingList> {
  return http.get<MeetingList>(`/api/meetings/?limit=${kMeetingPage}&page=${page}${filter}`);
}

// Whatever comes, however long ago it was made.
export async function meetingsAhead(now: number): Promise<MeetingEntry[]> {
  const filter = `&from=${new Date(now - kMostMs).toISOString()}`;
  const found: MeetingEntry[] = [];
  for (let page = 1; ; page++) {
    const { meetings, total } = await listMeetings(page, filter);
    found.push(...meetings.filter((one) => isComing(one, now)));
    if (page * kMeetingPage >= total) return found;
  }
}

// By whoever looks: a meeting for later that is theirs, and not over.
export function isChangeable({ host, status, scheduled_time }: MeetingEntry): boolean {
  return scheduled_time !== null && status !== 'ended' && host !== null && host.id === account.value?.id;
}

// A meeting that begins now. Without an account there are plain rooms, where the operator allows them.
export async function createMeeting(): Promise<string> {
  if (!account.value) return (await http.post<{ id: string }>('/api/meetings')).id;
  const answer = await http.post<{ meeting: MeetingEntry }>('/api/meeting/create/', { meeting_type: 'instant' });
  return answer.meeting.code;
}
