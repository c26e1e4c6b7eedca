// Conversations of accounts: members talk, outsiders hear nothing, and without a token one is shown the door.
import { assert, connect, given, next, record, run } from "./client.mjs";

const conversationId = given.conversation;

run(async () => {
  const alice = connect("", { token: given.alice.token });
  const bob = connect("", { token: given.bob.token });
  const carol = connect("", { token: given.carol.token });

  for (const member of [alice, bob])
    assert.deepEqual(await member.timeout(5000).emitWithAck("conversation.join", { conversationId }),
                     { joined: `conversation:${conversationId}` });
  const refused = await carol.timeout(5000).emitWithAck("conversation.join", { conversationId });
  assert.equal(refused.code, "forbidden");

  const overheard = record(carol, ["message.receive"]);
  const received = next(bob, "message.receive");
  const sent = await alice.timeout(5000).emitWithAck("message.send", { conversationId, content: "hi" });
  const [message] = await received;
  assert.deepEqual(message, sent);
  assert.equal(message.conversationId, conversationId);
  assert.equal(message.senderId, given.alice.id);
  assert.equal(message.content, "hi");
  assert.ok(!Number.isNaN(Date.parse(message.createdAt)));

  assert.deepEqual(await bob.timeout(5000).emitWithAck("conversation.leave", { conversationId }),
                   { left: `conversation:${conversationId}` });
  assert.deepEqual(overheard, []);

  for (const auth of [{}, { token: "not.a.token" }]) {
    const stranger = connect("", auth);
    const shown = next(stranger, "disconnect", (reason) => reason === "io server disconnect");
    const answer = await stranger.timeout(5000).emitWithAck("message.send", { conversationId, content: "hi" });
    assert.equal(answer.code, "unauthenticated");
    await shown;
  }
});
