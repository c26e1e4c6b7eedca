// The echo server of --compat-test: text, binary data and acknowledgements, many at once, namespaces, heartbeats.
import { assert, connect, next, run } from "./client.mjs";

run(async () => {
  const socket = connect("", { token: "t" });
  const [auth] = await next(socket, "auth");
  assert.deepEqual(auth, { token: "t" });

  let answer = next(socket, "message-back");
  socket.emit("message", 1, "two", { three: Buffer.from([1, 2, 3]) });
  const [one, two, { three }] = await answer;
  assert.deepEqual([one, two, [...Buffer.from(three)]], [1, "two", [1, 2, 3]]);

  const acknowledged = await socket.timeout(5000).emitWithAck("message-with-ack", { a: [true, Buffer.from([9])] });
  assert.equal(acknowledged.a[0], true);
  assert.deepEqual([...Buffer.from(acknowledged.a[1])], [9]);

  const order = [];
  answer = next(socket, "message-back", (number) => order.push(number) === 300);
  for (let number = 0; number < 300; number++) socket.emit("message", number, "x".repeat(100));
  await answer;
  assert.deepEqual(order, [...Array(300).keys()]);

  const custom = connect("/custom");
  await next(custom, "auth");
  const [refusal] = await next(connect("/nowhere"), "connect_error");
  assert.equal(refusal.message, "Invalid namespace");

  // Longer than several heartbeats.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.ok(socket.connected && custom.connected);
});
