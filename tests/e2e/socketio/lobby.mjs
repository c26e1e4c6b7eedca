// The lobby: names, both spellings of its chat, signals from one to the other, and what happens when one goes.
import { assert, connect, next, record, run } from "./client.mjs";

const tag = Math.random().toString(36).slice(2, 8);
const ann = `ann-${tag}`;
const bob = `bob-${tag}`;

async function join(name) {
  const socket = connect();
  const there = next(socket, "users", (users) => users.includes(name));
  socket.emit("join", { username: name });
  await there;
  return socket;
}

run(async () => {
  const early = connect();
  let refusal = next(early, "error");
  early.emit("message", { message: "too early" });
  await refusal;

  const first = await join(ann);
  const arrival = Promise.all([next(first, "user-joined", (user) => user.username === bob),
                               next(first, "user_joined", (user) => user.username === bob)]);
  const second = await join(bob);
  await arrival;

  refusal = next(early, "error", (why) => why.code === "username_taken");
  early.emit("join", { username: ann });
  await refusal;

  // Nobody has shown a dialect: each line comes in both. Who has sent one in a spelling hears that one alone.
  let lines = Promise.all([next(first, "receive-message", (line) => line.message === "document"),
                           next(second, "receive-message", (line) => line.message === "document"),
                           next(second, "message", (line) => line.message === "document")]);
  first.emit("send-message", { message: "document", username: "somebody else" });
  const [[line]] = await lines;
  assert.equal(line.username, ann);
  assert.match(line._id, /^[0-9a-f]{24}$/);
  assert.deepEqual(Object.keys(line).sort(), ["_id", "message", "room", "timestamp", "type", "username"]);

  const heard = record(first, ["message", "receive-message"]);
  lines = Promise.all([next(first, "receive-message", (told) => told.message === "code"),
                       next(second, "message", (told) => told.message === "code")]);
  second.emit("message", { message: "code", room: "general" });
  await lines;
  assert.deepEqual(heard.map(([event]) => event), ["receive-message"]);

  let signal = next(second, "webrtc-signal");
  first.emit("webrtc-signal", { target: bob, signal: { type: "offer", sdp: "v=0" } });
  assert.deepEqual((await signal)[0], { from: ann, signal: { type: "offer", sdp: "v=0" } });
  signal = next(first, "webrtc-signal");
  second.emit("webrtc-signal", { target: first.id, signal: { type: "answer", sdp: "v=0" } });
  assert.deepEqual((await signal)[0], { from: bob, signal: { type: "answer", sdp: "v=0" } });

  const gone = Promise.all([next(first, "call-end"), next(first, "user-left", (user) => user.username === bob),
                            next(first, "users", (users) => !users.includes(bob))]);
  second.disconnect();
  assert.deepEqual((await gone)[0], [{ from: bob }]);

  const again = connect();
  const history = next(again, "message-history");
  again.emit("join", { username: bob });
  assert.ok((await history)[0].some((old) => old.message === "code" && old.username === bob));
});
