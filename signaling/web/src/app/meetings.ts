// Meetings as the HTTP interface knows them.
import { http } from './http';
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

// A meeting that begins now. Without an account there are plain rooms, where the operator allows them.
export async function createMeeting(): Promise<string> {
  if (!account.value) return (await http.post<{ id: string }>('/api/meetings')).id;
  const answer = await http.post<{ meeting: MeetingEntry }>('/api/meeting/create/', { meeting_type: 'instant' });
  return answer.meeting.code;
}
