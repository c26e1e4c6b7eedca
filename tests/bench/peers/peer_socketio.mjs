// The chat application's events in socket.io 4: join, message, typing, direct webrtc-signal, durable lines.
import { Server } from 'socket.io';

export function attach(http, store) {
  const io = new Server(http, {
    path: '/socket.io/',
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 1e6,
  });
  io.engine.on('connection', (raw) => {
    raw.request = null; // frees the upgrade request (socket.io's performance notes)
  });
  const byName = new Map();
  const rooms = new Map(); // name -> Set of user names
  let usersDue = new Set(); // rooms whose users[] changed: sent once a second, not once a join

  const sendUsers = setInterval(() => {
    for (const room of usersDue) io.to(room).emit('users', [...(rooms.get(room) ?? [])]);
    usersDue = new Set();
  }, 1000);
  sendUsers.unref();

  io.on('connection', (socket) => {
    socket.on('join', ({ username, room = 'general' }, ack) => {
      const { data } = socket;
      data.username = username;
      data.room = room;
      byName.set(username, socket);
      let members = rooms.get(room);
      if (!members) rooms.set(room, (members = new Set()));
      members.add(username);
      socket.join(room);
      socket.to(room).emit('user-joined', { username });
      usersDue.add(room);
      socket.emit('message-history', store.conversation(room).recent);
      ack?.({ joined: true });
    });
    const say = ({ message }, ack) => {
      const { username, room } = socket.data;
      const conversation = store.conversation(room);
      store.add(conversation, username, message, null, (id, seq, now) => {
        const _id = id.toString(16).padStart(24, '0');
        const line = { _id, username, message, timestamp: new Date(now).toISOString(), room, type: 'user' };
        store.remember(conversation, line);
        io.to(room).emit('message', line);
        ack?.({ _id: line._id, seq, timestamp: line.timestamp });
      });
    };
    socket.on('message', say);
    socket.on('send-message', say);
    socket.on('typing', ({ isTyping }) =>
      socket.to(socket.data.room).emit('user-typing', { username: socket.data.username, isTyping }));
    socket.on('webrtc-signal', ({ target, signal }) =>
      byName.get(target)?.emit('webrtc-signal', { from: socket.data.username, signal }));
    for (const end of ['call-end', 'call-declined'])
      socket.on(end, ({ target }) => byName.get(target)?.emit(end, { from: socket.data.username }));
    socket.on('message-with-ack', (value, ack) => ack(value)); // the official suite's event
    socket.on('disconnect', () => {
      const { username, room } = socket.data;
      if (username === undefined || byName.get(username) !== socket) return;
      byName.delete(username);
      const members = rooms.get(room);
      members?.delete(username);
      if (members?.size) {
        io.to(room).emit('user-left', { username });
        usersDue.add(room);
      } else rooms.delete(room);
    });
  });
}
export const rest = null;
