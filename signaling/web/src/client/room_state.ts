// What a room is like, as one immutable value, and how each push changes it.
import type { ChatMessage, Frame, Id, Joined, JoinRequest, Media, PeerEntry, Role, RoomFacts } from './protocol';

export interface RoomState {
  meetingId: string;
  code: string;
  selfId: string;
  role: Role;
  permissions: string[];
  media: Media; // our own, as the server holds it
  hand: boolean;
  rev: number;
  room: RoomFacts;
  peers: PeerEntry[];
  chat: ChatMessage[];
  conversationId: string;
  epoch: number;
  lastSeq: number;
  typing: string[]; // peer ids
  requests: JoinRequest[];
  recordingBy: string | null;
}

export function stateFrom(joined: Joined, before: RoomState | null): RoomState {
  const chat = joined.chat ?? { conversationId: '', epoch: 0, lastSeq: 0, messages: [] };
  const keep = before && before.conversationId === chat.conversationId && before.epoch === chat.epoch ? before.chat : [];
  return {
    meetingId: joined.meetingId,
    code: joined.code,
    selfId: joined.selfId,
    role: joined.role,
    permissions: joined.permissions ?? [],
    media: before?.media ?? { audio: false, video: false, screen: false },
    hand: false,
    rev: joined.rev,
    room: joined.room,
    peers: joined.peers,
    chat: mergeChat(keep, chat.messages),
    conversationId: chat.conversationId,
    epoch: chat.epoch,
    lastSeq: chat.lastSeq,
    typing: [],
    requests: [],
    recordingBy: null,
  };
}

// One list in order, each message once. Private messages have no number: they stay where they came.
export function mergeChat(known: ChatMessage[], fresh: ChatMessage[]): ChatMessage[] {
  const byId = new Map(known.map((message) => [message.messageId, message]));
  for (const message of fresh) byId.set(message.messageId, { ...byId.get(message.messageId), ...message });
  const order = (message: ChatMessage) => Date.parse(message.timestamp ?? '') || 0;
  return [...byId.values()].sort((a, b) => (a.seq !== undefined && b.seq !== undefined ? a.seq - b.seq : order(a) - order(b)));
}

export function applyPush(state: RoomState, frame: Frame): RoomState {
  const rev = typeof frame.rev === 'number' ? frame.rev : state.rev;
  switch (frame.type) {
    case 'peer-joined':
      return { ...state, rev, peers: [...without(state.peers, (frame.peer as PeerEntry).peerId), frame.peer as PeerEntry] };
    case 'peer-left':
      return {
        ...state,
        rev,
        peers: without(state.peers, String(frame.peerId)),
        typing: state.typing.filter((id) => id !== frame.peerId),
      };
    case 'peer-updated':
      return { ...updatePeer(state, frame), rev };
    case 'peer-away':
      return patchPeer(state, String(frame.peerId), { away: true });
    case 'peer-back':
      return patchPeer(state, String(frame.peerId), { away: false });
    case 'room-updated':
      return { ...state, rev, room: updateRoom(state.room, frame) };
    case 'recording':
      return {
        ...state,
        room: { ...state.room, recording: frame.state === 'started' },
        recordingBy: frame.state === 'started' ? String(frame.by) : null,
      };
    case 'join-request':
      return { ...state, requests: [...dropRequest(state, (frame.request as JoinRequest).requestId), frame.request as JoinRequest] };
    case 'join-request-handled':
      return { ...state, requests: dropRequest(state, frame.requestId as Id) };
    default:
      return applyChat(state, frame);
  }
}

// The lines of a conversation after a push about it.
export function applyLines(lines: ChatMessage[], frame: Frame): ChatMessage[] {
  const messageId = String(frame.messageId);
  const patched = (patch: Partial<ChatMessage>) => lines.map((line) => (line.messageId === messageId ? { ...line, ...patch } : line));
  switch (frame.type) {
    case 'chat':
      return mergeChat(lines, [{ ...frame, messageId } as unknown as ChatMessage]);
    case 'chat-edited':
      return patched({ message: String(frame.message), editedAt: String(frame.editedAt) });
    case 'chat-deleted':
      return patched({ message: '', deletedAt: String(frame.deletedAt ?? true), reactions: [] });
    case 'chat-cleared':
      return [];
    default:
      return lines;
  }
}

function applyChat(state: RoomState, frame: Frame): RoomState {
  if (frame.conversationId !== undefined && String(frame.conversationId) !== state.conversationId) return state;
  const chat = applyLines(state.chat, frame);
  switch (frame.type) {
    case 'chat':
      return { ...state, chat, lastSeq: Math.max(state.lastSeq, Number(frame.seq ?? 0)), typing: state.typing.filter((id) => id !== frame.fromId) };
    case 'chat-edited':
    case 'chat-deleted':
      return { ...state, chat };
    case 'chat-cleared':
      return { ...state, chat, epoch: Number(frame.epoch) };
    case 'typing': {
      const others = state.typing.filter((id) => id !== frame.fromId);
      return { ...state, typing: frame.isTyping ? [...others, String(frame.fromId)] : others };
    }
    default:
      return state;
  }
}

const without = (peers: PeerEntry[], peerId: string) => peers.filter((peer) => peer.peerId !== peerId);
const dropRequest = (state: RoomState, requestId: Id) => state.requests.filter((request) => request.requestId !== String(requestId));

function patchPeer(state: RoomState, peerId: string, patch: Partial<PeerEntry>): RoomState {
  return { ...state, peers: state.peers.map((peer) => (peer.peerId === peerId ? { ...peer, ...patch } : peer)) };
}

function updatePeer(state: RoomState, frame: Frame): RoomState {
  const { type: _type, s: _s, rev: _rev, peerId, permissions, ...changed } = frame as Frame & { permissions?: string[] };
  if (peerId !== state.selfId) return patchPeer(state, String(peerId), changed as Partial<PeerEntry>);
  const own = changed as Partial<PeerEntry>;
  return {
    ...state,
    role: own.role ?? state.role,
    media: own.media ?? state.media,
    hand: own.hand ?? state.hand,
    permissions: permissions ?? state.permissions,
  };
}

function updateRoom(room: RoomFacts, frame: Frame): RoomFacts {
  const { type: _type, s: _s, rev: _rev, settings, ...changed } = frame;
  return { ...room, ...(changed as Partial<RoomFacts>), settings: { ...room.settings, ...(settings as object | undefined) } };
}
