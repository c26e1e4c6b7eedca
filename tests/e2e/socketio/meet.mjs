// A meeting of two Socket.IO clients and a native one: they see each other, and signals go both ways.
import { assert, connect, given, next, run, server, WebSocket } from "./client.mjs";

// A client of signald.v1, authenticated.
async function connectNative(token) {
  const socket = new WebSocket(server.replace("http", "ws") + "/ws");
  const frames = [];
  const waiting = [];
  socket.on("message", (data) => {
    frames.push(JSON.parse(data));
    for (const look of [...waiting]) look();
  });
  const hear = (type, fits = () => true) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type}: ${JSON.stringify(frames)}`)), 10_000);
      const look = () => {
        const found = frames.find((frame) => frame.type === type && fits(frame));
        if (!found) return;
        clearTimeout(timer);
        waiting.splice(waiting.indexOf(look), 1);
        resolve(found);
      };
      waiting.push(look);
      look();
    });
  const say = (frame) => socket.send(JSON.stringify(frame));
  await hear("hello");
  say({ type: "auth", token });
  await hear("auth-ok");
  return { hear, say, close: () => socket.close() };
}

run(async () => {
  const nobody = connect("/meet");
  const unknown = next(nobody, "meeting-not-found");
  nobody.emit("join", { meetingId: "BCDFGHJKLM", name: "Nobody" });
  await unknown;

  const host = await connectNative(given.token);
  host.say({ type: "join", id: 1, meetingId: given.meeting });
  const { selfId } = await host.hear("joined");

  const ann = connect("/meet");
  let joined = next(ann, "joined");
  ann.emit("join", { meetingId: given.meeting, name: "Ann" });
  const [annJoined] = await joined;
  assert.deepEqual(annJoined, { joined: given.meeting, clientId: ann.id, peers: [selfId] });
  const { peer } = await host.hear("peer-joined");
  assert.equal(peer.peerId, ann.id);
  assert.equal(peer.name, "Ann");

  const bob = connect("/meet");
  joined = next(bob, "joined");
  const arrival = next(ann, "peer-joined");
  bob.emit("join", { meetingId: given.meeting, name: "Bob" });
  const [bobJoined] = await joined;
  assert.deepEqual(new Set(bobJoined.peers), new Set([selfId, ann.id]));
  assert.deepEqual(await arrival, [{ clientId: bob.id }]);

  // The newcomer offers; the earlier one's own offer, made at the same time, would only collide with it.
  const sdp = { type: "offer", sdp: "v=0" };
  let relayed = next(ann, "offer");
  bob.emit("offer", { meetingId: given.meeting, to: ann.id, sdp });
  assert.deepEqual(await relayed, [{ from: bob.id, sdp }]);
  const crossing = next(bob, "offer");
  ann.emit("offer", { meetingId: given.meeting, to: bob.id, sdp });
  relayed = next(bob, "answer");
  ann.emit("answer", { meetingId: given.meeting, to: bob.id, sdp: { type: "answer", sdp: "v=0" } });
  await relayed;
  assert.equal(await Promise.race([crossing, Promise.resolve("dropped")]), "dropped");
  crossing.catch(() => {});

  ann.emit("offer", { meetingId: given.meeting, to: selfId, sdp });
  assert.deepEqual((await host.hear("offer")).offer, sdp);
  relayed = next(ann, "ice-candidate", (message) => message.candidate?.candidate === "b");
  host.say({ type: "ice-candidate", targetId: ann.id, candidate: [{ candidate: "a" }, { candidate: "b" }] });
  assert.equal((await relayed)[0].from, selfId);

  const left = next(ann, "peer-left");
  bob.disconnect();
  assert.deepEqual(await left, [{ clientId: bobJoined.clientId }]);
  await host.hear("peer-left", (frame) => frame.peerId === bobJoined.clientId);

  const ended = Promise.all([next(ann, "meeting-ended"),
                             next(ann, "disconnect", (reason) => reason === "io server disconnect")]);
  host.say({ type: "end", id: 2 });
  await ended;
});
