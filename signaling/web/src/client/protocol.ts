// The messages of signald.v1 as types. Members that a newer server adds are carried along unread.
export type Role = 'host' | 'co_host' | 'participant' | 'guest';
export type Id = string | number;

export interface Frame {
  type: string;
  id?: Id;
  s?: number;
  [member: string]: unknown;
}

export interface Media {
  audio: boolean;
  video: boolean;
  screen: boolean;
}

export interface User {
  id: string;
  name: string;
  username: string | null;
  role: 'user' | 'guest' | 'admin';
  guest: boolean;
}

export interface PeerEntry {
  peerId: string;
  userId: string | null;
  name: string;
  role: Role;
  media: Media;
  hand: boolean;
  away?: boolean;
  // The receiver's own part towards this peer.
  polite: boolean;
  initiator: boolean;
}

export interface RoomSettings {
  waitingRoom: boolean;
  allowUnmute: boolean;
  allowScreenShare: boolean;
  enableChat: boolean;
  enableReactions: boolean;
  maxParticipants: number;
  joinBeforeHost: boolean;
}

export interface RoomFacts {
  title: string;
  status: 'waiting' | 'active' | 'ended';
  locked: boolean;
  recording: boolean;
  settings: RoomSettings;
  startedAt: string | null;
  spotlight?: string | null;
  kind?: string;
}

export interface Reaction {
  kind: string;
  count: number;
  mine: boolean;
}

export interface ChatMessage {
  messageId: string;
  conversationId?: string;
  fromId?: string | null;
  userId?: string | null;
  username: string;
  message: string;
  timestamp: string;
  seq?: number;
  kind?: 'user' | 'system';
  targetId?: string;
  replyTo?: string | null;
  editedAt?: string | null;
  deletedAt?: string | null;
  reactions?: Reaction[]; // over signald.v1 where there are any
}

// To all who hear the conversation: so many have this reaction to the line now, since `userId` put it there or took it back.
// Asked for by chat-react{messageId, kind, remove?}.
export interface ChatReacted extends Frame {
  type: 'chat-reacted';
  messageId: Id;
  conversationId: Id;
  kind: string;
  count: number;
  userId?: Id;
  removed?: true;
}

export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

export interface JoinRequest {
  requestId: string;
  name: string;
  userId: string | null;
  guest: boolean;
  reason: string;
  requestedAt: string;
}

export interface AuthOk extends Frame {
  sessionId: string;
  resumeToken: string;
  resumeTtlMs: number;
  resumed: boolean;
  s: number;
  user: User;
  expiresAt: string | null;
  guestSecret?: string;
}

export interface Joined extends Frame {
  meetingId: string;
  code: string;
  roomId: string;
  selfId: string;
  role: Role;
  permissions: string[];
  rev: number;
  room: RoomFacts;
  peers: PeerEntry[];
  iceServers: IceServer[];
  iceTtl: number;
  iceTransportPolicy: 'all' | 'relay';
  chat: { conversationId: string; epoch: number; lastSeq: number; messages: ChatMessage[] };
}

// To every session of who is in a private conversation, and of who was removed from it, subscribed or not: it is new, or its
// title or its members are others. GET /api/conversations/{id} says what it is like now; 404: we are not in it any more.
export interface ConversationChanged extends Frame {
  type: 'conversation-changed';
  conversationId: Id;
}

export interface Waiting extends Frame {
  requestId: string;
  reason: 'waiting_room' | 'approval_required' | 'not_started' | 'host_absent';
  position: number;
}

// Close codes after which the same session may be taken up again (section 2.3).
export function mayReconnect(code: number): boolean {
  if (code === 4408 || code === 4429) return true; // too slow, too fast: neither is about who we are
  return code !== 1000 && !(code >= 4400 && code < 4500) && code !== 1003 && code !== 1009;
}
