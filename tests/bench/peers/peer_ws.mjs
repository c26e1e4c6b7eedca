// Enough of signald.v1 on ws 8, by hand: hello, guests, join, signaling, chat, resume.
// It does what a careful author would: one JSON.parse per message, a broadcast serialised
// and framed once for all members. It leaves out what costs signald something here: roles,
// rate limits, slow consumers, per-session numbers, replay of missed messages.
import { randomUUID } from 'node:crypto';
import WebSocket, { Sender, WebSocketServer } from 'ws';

const meetings = new Map(); // id -> {id, peers: Map(peerId -> Peer), rev, conversation}
const sessions = new Map(); // sessionId -> Peer
let serial = 0;

export const rest = {
  'POST /api/auth/signup': ({ email }) => ({ success: true, data: { id: 1, email }, access_token: 'token' }),
  'POST /api/meeting/create': ({ title }) => {
    const meeting_id = randomUUID();
    meetings.set(meeting_id, { id: meeting_id, title, peers: new Map(), rev: 0, conversation: null });
    return { meeting_id, password: null, join_url: `/meeting/join/${meeting_id}`, status: 'created' };
  },
};

class Peer {
  constructor(ws) {
    this.ws = ws;
    this.peerId = null;
    this.name = null;
    this.meeting = null;
    this.sessionId = null;
    this.resumeToken = null;
    this.expiry = null;
  }
  send(value) {
    this.ws?.send(JSON.stringify(value));
  }
}

const text = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false };
function broadcast(meeting, value, except) {
  // One buffer: one write per member, no cork.
  const frame = [Buffer.concat(Sender.frame(Buffer.from(JSON.stringify(value)), text))];
  for (const peer of meeting.peers.values())
    if (peer !== except && peer.ws?.readyState === WebSocket.OPEN) peer.ws._sender.sendFrame(frame);
}
const card = ({ peerId, name }) => ({
  peerId, userId: null, name, role: 'guest', media: { audio: true, video: true }, hand: false, polite: true,
  initiator: false,
});
const authOk = ({ sessionId, resumeToken, name }, resumed) => ({
  type: 'auth-ok', sessionId, resumeToken, resumeTtlMs: 30000, resumed, s: 0, user: { name, role: 'guest' },
  expiresAt: null,
});
function leave(peer, reason) {
  const { meeting } = peer;
  sessions.delete(peer.sessionId);
  if (!meeting) return;
  meeting.peers.delete(peer.peerId);
  peer.meeting = null;
  broadcast(meeting, { type: 'peer-left', peerId: peer.peerId, reason, rev: ++meeting.rev }, null);
}

const refusal = ({ id }, code, message) => ({ type: 'error', id, code, message, retryable: false });
const iceServers = [
  { urls: ['turn:turn.example.org:3478'], username: '1763722800:guest', credential: 'c2lnbmFsZC1iZW5jaA==' },
];

let store;
const handlers = {
  auth(peer, m, connection) {
    const r = m.resume, old = r && sessions.get(r.sessionId);
    if (old && old.resumeToken === r.resumeToken) {
      clearTimeout(old.expiry);
      old.ws = peer.ws;
      connection.peer = old;
      old.send(authOk(old, true));
      if (old.meeting) broadcast(old.meeting, { type: 'peer-back', peerId: old.peerId }, old);
      return;
    }
    peer.name = m.guest.name;
    peer.peerId = `p${++serial}`;
    peer.sessionId = randomUUID();
    peer.resumeToken = randomUUID();
    sessions.set(peer.sessionId, peer);
    peer.send(authOk(peer, false));
  },
  join(peer, m) {
    const meeting = meetings.get(m.meetingId);
    if (!meeting) return peer.send(refusal(m, 'meeting_not_found', 'No such meeting'));
    meeting.conversation ??= store.conversation(meeting.id);
    const peers = [...meeting.peers.values()].map((p) => ({ ...card(p), polite: false, initiator: true }));
    meeting.peers.set(peer.peerId, peer);
    peer.meeting = meeting;
    broadcast(meeting, { type: 'peer-joined', peer: card(peer), rev: ++meeting.rev }, peer);
    peer.send({
      type: 'joined', id: m.id, meetingId: meeting.id, code: meeting.id, roomId: meeting.id, selfId: peer.peerId,
      role: 'guest', permissions: ['chat', 'react', 'screen', 'audio', 'video'], rev: meeting.rev,
      room: { title: meeting.title, status: 'active', locked: false, recording: false, settings: {}, startedAt: null },
      peers, iceServers, iceTtl: 3600, iceTransportPolicy: 'all',
      chat: { conversationId: meeting.conversation.id, epoch: 1, lastSeq: meeting.conversation.seq, messages: [] },
    });
  },
  ping: (peer, m) => peer.send({ type: 'pong', t: m.t }),
  data: (peer, m) =>
    broadcast(peer.meeting, { type: 'data', fromId: peer.peerId, topic: m.topic, payload: m.payload }, peer),
  typing: (peer, m) => broadcast(peer.meeting, { type: 'typing', fromId: peer.peerId, isTyping: m.isTyping }, peer),
  chat(peer, m) {
    const { meeting } = peer, { conversation } = meeting;
    store.add(conversation, peer.name, m.message, m.key, (messageId, seq, now) => {
      const timestamp = new Date(now).toISOString();
      broadcast(meeting, {
        type: 'chat', messageId, conversationId: conversation.id, fromId: peer.peerId, userId: null,
        username: peer.name, message: m.message, timestamp, seq,
      }, peer);
      if (m.id !== undefined) peer.send({ type: 'ok', id: m.id, messageId, seq, timestamp });
    });
  },
  leave(peer, m) {
    leave(peer, 'left');
    if (m.id !== undefined) peer.send({ type: 'ok', id: m.id });
  },
};
function relay(peer, m) {
  const to = peer.meeting?.peers.get(m.targetId);
  if (!to) return peer.send(refusal(m, 'peer_not_found', 'No such peer'));
  const { id, ...rest } = m;
  rest.fromId = peer.peerId;
  to.send(rest);
  if (id !== undefined) peer.send({ type: 'ok', id });
}
for (const kind of ['offer', 'answer', 'description', 'ice-candidate', 'candidate']) handlers[kind] = relay;

const hello = JSON.stringify({
  type: 'hello', protocol: 1, server: 'node-ws', features: ['resume'], authTimeoutMs: 10000, pingIntervalMs: 25000,
  maxMessage: 65536,
});

export function attach(http, s) {
  store = s;
  const wss = new WebSocketServer({
    server: http, path: '/ws', perMessageDeflate: false, clientTracking: false, maxPayload: 65536,
    handleProtocols: () => 'signald.v1',
  });
  wss.on('connection', (ws) => {
    const connection = { peer: new Peer(ws) };
    ws.on('message', (raw) => {
      const m = JSON.parse(raw);
      const handler = handlers[m.type];
      if (handler) handler(connection.peer, m, connection);
      else connection.peer.send(refusal(m, 'unknown_type', m.type));
    });
    ws.on('close', (code) => {
      const { peer } = connection;
      if (peer.ws !== ws || !peer.sessionId) return;
      peer.ws = null;
      if (code === 1000) return leave(peer, 'left');
      if (peer.meeting) broadcast(peer.meeting, { type: 'peer-away', peerId: peer.peerId }, peer);
      peer.expiry = setTimeout(leave, 30000, peer, 'timeout');
    });
    ws.send(hello);
  });
}
