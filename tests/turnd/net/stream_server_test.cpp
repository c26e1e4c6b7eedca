// TCP clients: framing, and the queue of a client that does not read.
#include "turnd/net/stream_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/turnd/net/stream_fixture.h"

namespace turnd::net {
namespace {

using testing::ElementsAre;
using turn::DropReason;

class StreamServerTest : public StreamFixture {};

// ChannelData as it stands on a stream, padded (RFC 8656 s12.5).
std::string channel_data(std::string_view payload) {
  std::string message{'\x40', '\x01', static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size() & 0xFF)};
  message += payload;
  message.resize((message.size() + 3) / 4 * 4);
  return message;
}

// What the engine returns for one payload of a peer.
void add_forward(turn::ClientForwards& forwards, std::string_view payload) {
  auto next = forwards.next(4);
  std::memcpy(next.header.data(), channel_data(payload).data(), 4);
  next.item.payload = base::as_bytes(payload);
}

TEST_F(StreamServerTest, HandsOverTheMessagesOfOneReadAsOneBatch) {
  TcpClient client(listen());
  client.send(kBinding + channel_data("hello"));

  settle();

  EXPECT_THAT(inbox.batches, ElementsAre(2u));
  EXPECT_THAT(inbox.messages, ElementsAre(kBinding, std::string("\x40\x01\x00\x05hello", 9)));
  EXPECT_EQ(inbox.from.client, client.local());
  EXPECT_EQ(inbox.from.transport, base::Transport::tcp);
  EXPECT_NE(registry.find(inbox.via), nullptr);
}

TEST_F(StreamServerTest, PutsTogetherAMessageThatComesByteByByte_Rfc8489_s6_2_2) {
  TcpClient client(listen());
  for (const char byte : kBinding) {
    client.send({&byte, 1});
    settle();
  }

  EXPECT_THAT(inbox.messages, ElementsAre(kBinding));
}

TEST_F(StreamServerTest, AnswersWithinTheCall) {
  TcpClient client(listen());
  inbox.react = [this](const base::Now&) {
    ClientLink* link = registry.find(inbox.via);
    link->send_message(inbox.from, base::as_bytes("reply..."));
    link->flush();
  };
  client.send(kBinding);

  settle();

  EXPECT_EQ(client.receive(), "reply...");
}

TEST_F(StreamServerTest, PadsChannelDataWithZeros_Rfc8656_s12_5) {
  TcpClient client(listen());
  client.send(kBinding);
  settle();
  turn::ClientForwards forwards;
  forwards.reserve(8);
  std::string expected;
  for (const char* payload : {"1", "22", "333", "4444"}) {
    add_forward(forwards, payload);
    expected += channel_data(payload);
  }

  const NotSent failed = registry.find(inbox.via)->send_forwards(forwards);

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_EQ(client.receive(), expected);
}

TEST_F(StreamServerTest, ClosesOnHttpWithoutABanner) {
  TcpClient client(listen());
  client.send("GET / HTTP/1.1\r\n\r\n");

  settle();

  EXPECT_EQ(client.receive(), "");
  EXPECT_TRUE(client.is_closed());
  EXPECT_THAT(inbox.drops, ElementsAre(DropReason::not_stun));
}

TEST_F(StreamServerTest, ClosesOnAMessageOf8KilobytesBeforeThereIsASession) {
  TcpClient client(listen());
  client.send(kBinding + std::string("\x00\x01\x20\x00", 4) + std::string(100, 'x'));

  settle();

  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(inbox.messages.size(), 1u);
  EXPECT_THAT(inbox.drops, ElementsAre(DropReason::malformed));
}

TEST_F(StreamServerTest, TakesTheLargestChannelDataOfASession_AndKeepsItsFraming) {
  TcpClient client(listen());
  client.send(kBinding);
  settle();
  registry.find(inbox.via)->on_session_opened(now);
  const std::string largest(0xFFFF, 'x');

  client.send(std::string("\x40\x00\xFF\xFF", 4));
  settle();
  const std::size_t before = inbox.messages.size();
  client.send(largest + '\0' + kBinding);
  settle();

  EXPECT_EQ(before, 1u);
  ASSERT_EQ(inbox.messages.size(), 3u);
  EXPECT_EQ(inbox.messages[1].size(), 4u + largest.size());
  EXPECT_EQ(inbox.messages[2], kBinding);
}

TEST_F(StreamServerTest, TellsOnceThatAClientIsGone) {
  TcpClient client(listen());
  client.send(kBinding);
  settle();
  const turn::ClientId via = inbox.via;

  client.close();
  settle();

  EXPECT_THAT(inbox.closed, ElementsAre(via));
  EXPECT_EQ(registry.find(via), nullptr);
  EXPECT_EQ(clients(base::Transport::tcp), 0u);
}

TEST_F(StreamServerTest, SurvivesASendToAClientThatHasReset) {
  TcpClient client(listen());
  client.send(kBinding);
  settle();
  ClientLink* link = registry.find(inbox.via);
  const linger reset{1, 0};
  setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  client.close();
  turn::ClientForwards forwards;
  forwards.reserve(2);
  add_forward(forwards, "data");

  (void)link->send_forwards(forwards);
  const std::size_t closed_during_the_send = inbox.closed.size();
  const NotSent failed = link->send_forwards(forwards);
  settle();

  EXPECT_EQ(closed_during_the_send, 0u);
  EXPECT_EQ(failed.packets, 1u);
  EXPECT_EQ(failed.why, DropReason::send_failed);
  EXPECT_EQ(inbox.closed.size(), 1u);
}

TEST_F(StreamServerTest, DropsWholeMessagesForAClientThatDoesNotRead) {
  TcpClient client(listen(), 4096);
  client.send(kBinding);
  settle();
  ClientLink* link = registry.find(inbox.via);
  turn::ClientForwards forwards;
  forwards.reserve(64);
  std::string received;
  std::uint64_t sent = 0;
  NotSent failed;
  for (int batch = 0; batch < 2000 && failed.packets == 0; ++batch) {
    forwards.clear();
    std::vector<std::string> payloads;
    for (int i = 0; i < 32; ++i)
      payloads.push_back(std::to_string(sent + static_cast<unsigned>(i)) + std::string(1000, '.'));
    for (const std::string& payload : payloads) add_forward(forwards, payload);
    failed = link->send_forwards(forwards);
    sent += 32 - failed.packets;
  }
  for (int i = 0; i < 100'000 && link != nullptr; ++i) {
    const std::string part = client.receive();
    received += part;
    poller.run_once(base::TimePoint::min());
    if (part.empty() && i > 100) break;
  }

  EXPECT_GT(failed.packets, 0u);
  EXPECT_EQ(failed.why, DropReason::queue_full);
  std::uint64_t count = 0;
  std::size_t at = 0;
  for (; at + 4 <= received.size(); ++count) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(received[at + 2]) << 8 |
                                                 static_cast<unsigned char>(received[at + 3]));
    const std::string payload = received.substr(at + 4, length);
    ASSERT_EQ(payload, std::to_string(count) + std::string(1000, '.')) << "message " << count;
    at += (4 + length + 3) / 4 * 4;
  }
  EXPECT_EQ(at, received.size());
  EXPECT_EQ(count, sent);
}

TEST_F(StreamServerTest, KeepsConnectionsWhenTheirListenerIsGone) {
  const Listen at{base::Transport::tcp, base::Endpoint::parse("127.0.0.1:0").value(), {}};
  ASSERT_FALSE(server.listen(at));
  TcpClient client(server.local(at).value());
  settle();

  server.stop_listening(at);
  client.send(kBinding);
  settle();

  EXPECT_EQ(inbox.messages.size(), 1u);
  EXPECT_EQ(server.connections_at(at), 1u);
}

}  // namespace
}  // namespace turnd::net
