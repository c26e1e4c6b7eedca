// What a room is asked and what it tells.
import type { Media, Waiting } from './protocol';

export interface JoinOptions {
  meetingId: string;
  name?: string;
  password?: string;
  media: Media;
  replace?: boolean; // take over from another tab of ours
}

export type Phase =
  | { name: 'idle' | 'joining' | 'joined' }
  | { name: 'waiting'; waiting: Waiting }
  | { name: 'over'; reason: string; message?: string };

export interface Moderation {
  action: string;
  by: string | null;
  value?: unknown;
}
