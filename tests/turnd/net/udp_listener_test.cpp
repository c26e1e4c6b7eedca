// UDP listeners on loopback: batches in, answers from the address that was asked, one path for DTLS.
#include "turnd/net/udp_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "tests/turnd/net/recording_inbox.h"
#include "tests/turnd/net/udp_socket.h"
#include "turnd/net/receive_batch.h"

namespace turnd::net {
namespace {

using testing::ElementsAre;

constexpr std::size_t kSomeMessages = 8;

base::Endpoint endpoint(std::string_view text) { return base::Endpoint::parse(text).value(); }

turn::ClientForwards forwards_to(const turn::FiveTuple& to) {
  turn::ClientForwards forwards;
  forwards.to = to;
  forwards.reserve(kSomeMessages);
  return forwards;
}

void add(turn::ClientForwards& forwards, std::string_view header, base::ByteView payload, std::uint8_t padding = 0) {
  const turn::ClientForwards::Next next = forwards.next(header.size());
  std::ranges::copy(header, next.header.begin());
  next.item.payload = payload;
  next.item.padding = padding;
  next.item.fields.reset();
}

class UdpListenerTest : public testing::Test {
 protected:
  std::unique_ptr<UdpListener> open(std::string_view at, base::Transport transport = base::Transport::udp) {
    auto listener = UdpListener::open({transport, endpoint(at), {}}, {poller, registry, inbox});
    EXPECT_TRUE(listener) << listener.error().why;
    return std::move(*listener);
  }
  void turn() { poller.run_once(base::TimePoint::min()); }

  Poller poller;
  ClientRegistry registry;
  RecordingInbox inbox;
};

class UdpListenerOfEachFamily : public UdpListenerTest, public testing::WithParamInterface<const char*> {};

TEST_P(UdpListenerOfEachFamily, HandsOverWhatCameAsOneBatchInOrder) {
  const auto listener = open(GetParam());
  UdpSocket client(GetParam());
  for (const char* each : {"one", "two", "three"}) client.send(listener->local(), each);

  turn();

  ASSERT_EQ(inbox.batches.size(), 1u);
  EXPECT_THAT(inbox.order, ElementsAre("one", "two", "three"));
  const RecordingInbox::Message& first = inbox.batches[0][0];
  EXPECT_EQ(first.from, (turn::FiveTuple{client.local(), listener->local(), base::Transport::udp}));
  EXPECT_EQ(registry.find(first.via), listener.get());
}

TEST_P(UdpListenerOfEachFamily, AnswersTheClient) {
  const auto listener = open(GetParam());
  UdpSocket client(GetParam());

  listener->send_message({client.local(), listener->local(), base::Transport::udp}, base::as_bytes("reply"));
  listener->flush();

  const auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->bytes, "reply");
  EXPECT_EQ(reply->from, listener->local());
}

TEST_P(UdpListenerOfEachFamily, HandsOverHeaderFieldsAndAnswersWithItsOwn) {
  const auto listener = open(GetParam());
  UdpSocket client(GetParam());
  constexpr turn::HeaderFields kMarked{7, 46 << 2 | 1};
  client.mark(kMarked);
  client.send(listener->local(), "request");
  ask_for_header_fields(client.descriptor(), client.local().address.family());

  turn();
  listener->send_message({client.local(), listener->local(), base::Transport::udp}, base::as_bytes("reply"));
  listener->flush();

  EXPECT_EQ(inbox.batches.at(0).at(0).fields, kMarked);
  ASSERT_EQ(ReceiveBatch::mine().receive(client.descriptor()), 1u);
  EXPECT_EQ(ReceiveBatch::mine().header_fields(0), (turn::HeaderFields{64, 0}));
}

INSTANTIATE_TEST_SUITE_P(Loopback, UdpListenerOfEachFamily, testing::Values("127.0.0.1:0", "[::1]:0"));

TEST_F(UdpListenerTest, KeepsRepliesBackUntilTheFlush) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;

  listener->send_message({client.local(), listener->local(), base::Transport::udp}, base::as_bytes("reply"));
  const bool arrived_early = client.receive().has_value();
  listener->flush();

  EXPECT_FALSE(arrived_early);
  EXPECT_TRUE(client.receive());
}

TEST_F(UdpListenerTest, AnswersOnAWildcardAddressFromTheAddressThatWasAsked) {
  const auto listener = open("0.0.0.0:0");
  const std::uint16_t port = listener->local().port;
  for (const char* asked : {"127.0.0.1", "127.0.0.2"}) {
    const base::Endpoint server{base::IpAddress::parse(asked).value(), port};
    UdpSocket client;
    client.send(server, "request");
    inbox.batches.clear();

    turn();
    ASSERT_EQ(inbox.batches.size(), 1u);
    const turn::FiveTuple tuple = inbox.batches[0][0].from;
    listener->send_message(tuple, base::as_bytes("reply"));
    listener->flush();

    EXPECT_EQ(tuple.server, server);
    const auto reply = client.receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->from, server);
  }
}

TEST_F(UdpListenerTest, LeavesIpv4ToAnotherSocketOnTheIpv6Wildcard) {
  const auto six = open("[::]:0");
  const std::string port = std::to_string(six->local().port);

  const auto four = open("0.0.0.0:" + port);
  UdpSocket client("[::1]:0");
  client.send(endpoint("[::1]:" + port), "request");
  turn();

  ASSERT_EQ(inbox.batches.size(), 1u);
  EXPECT_EQ(inbox.batches[0][0].from.server, endpoint("[::1]:" + port));
}

TEST_F(UdpListenerTest, TakesMoreThanOneBatchATurn) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;
  for (int i = 0; i < 150; ++i) client.send(listener->local(), std::to_string(i));

  turn();

  EXPECT_EQ(inbox.order.size(), 150u);
  EXPECT_EQ(inbox.order.back(), "149");
}

TEST_F(UdpListenerTest, GivesDtlsRecordsToTheDemultiplexerInTheOrderOfArrival_Rfc7983) {
  const auto listener = open("127.0.0.1:0");
  listener->set_dtls(&inbox);
  UdpSocket client;
  for (const char* each : {"before", "\x16record", "after"}) client.send(listener->local(), each);

  turn();

  EXPECT_THAT(inbox.order, ElementsAre("before", "dtls:\x16record", "after"));
  ASSERT_EQ(inbox.routes.size(), 1u);
  EXPECT_EQ(inbox.routes[0].client, client.local());
  EXPECT_EQ(inbox.routes[0].server, listener->local());
}

TEST_F(UdpListenerTest, TakesNothingUnencryptedOnADtlsAddress) {
  const auto listener = open("127.0.0.1:0", base::Transport::dtls);
  listener->set_dtls(&inbox);
  UdpSocket client;
  for (const char* each : {"plain", "\x16record"}) client.send(listener->local(), each);

  turn();

  EXPECT_THAT(inbox.order, ElementsAre("dtls:\x16record"));
  EXPECT_THAT(inbox.drops, ElementsAre(turn::DropReason::not_stun));
}

TEST_F(UdpListenerTest, SendsDatagramsOfDtlsAtOnce) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;

  EXPECT_TRUE(listener->send({client.local(), listener->local()}, base::as_bytes("record")));

  EXPECT_EQ(client.receive().value().bytes, "record");
}

TEST_F(UdpListenerTest, CountsAnEmptyDatagramAsNoProtocolOfOurs) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;
  client.send(listener->local(), "");

  turn();

  EXPECT_TRUE(inbox.batches.empty());
  EXPECT_THAT(inbox.drops, ElementsAre(turn::DropReason::not_stun));
}

TEST_F(UdpListenerTest, GathersHeaderPayloadAndPaddingOfForwards) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;
  turn::ClientForwards forwards = forwards_to({client.local(), listener->local(), base::Transport::udp});
  add(forwards, "HEAD", base::as_bytes("payload"), 1);
  add(forwards, "head", base::as_bytes("more"));

  const NotSent failed = listener->send_forwards(forwards);

  EXPECT_EQ(failed.packets, 0u);
  EXPECT_EQ(client.receive().value().bytes, std::string("HEADpayload\0", 12));
  EXPECT_EQ(client.receive().value().bytes, "headmore");
}

TEST_F(UdpListenerTest, TellsWhatWasTooBigAndSendsTheRest) {
  const auto listener = open("127.0.0.1:0");
  UdpSocket client;
  const base::Bytes huge(65'506);
  turn::ClientForwards forwards = forwards_to({client.local(), listener->local(), base::Transport::udp});
  for (const base::ByteView payload : {base::as_bytes("first"), base::ByteView(huge), base::as_bytes("last")})
    add(forwards, "HEAD", payload);

  const NotSent failed = listener->send_forwards(forwards);

  EXPECT_EQ(failed.why, turn::DropReason::too_big);
  EXPECT_EQ(failed.packets, 1u);
  EXPECT_EQ(failed.bytes, huge.size());
  EXPECT_EQ(client.receive().value().bytes, "HEADfirst");
  EXPECT_EQ(client.receive().value().bytes, "HEADlast");
}

TEST_F(UdpListenerTest, LivesOnWhenAClientIsGone) {
  const auto listener = open("127.0.0.1:0");
  const base::Endpoint gone = UdpSocket().local();
  UdpSocket client;

  for (const base::Endpoint& to : {gone, gone, client.local()}) {
    listener->send_message({to, listener->local(), base::Transport::udp}, base::as_bytes("reply"));
    listener->flush();
  }
  client.send(listener->local(), "request");
  turn();

  EXPECT_TRUE(client.receive());
  EXPECT_THAT(inbox.order, ElementsAre("request"));
}

TEST_F(UdpListenerTest, SharesItsAddressWithTheOtherWorkers) {
  const auto first = open("127.0.0.1:0");

  const auto second = open(base::to_string(first->local()));

  EXPECT_EQ(second->local(), first->local());
}

TEST_F(UdpListenerTest, SaysWhoHoldsAnAddressAndWhatToDo) {
  const UdpSocket other;
  const auto refused =
      UdpListener::open({base::Transport::udp, other.local(), Listen::Origin::configured}, {poller, registry, inbox});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, EADDRINUSE);
  EXPECT_EQ(refused.error().what, "udp://" + base::to_string(other.local()));
  EXPECT_FALSE(refused.error().why.empty());
  EXPECT_FALSE(refused.error().remedy.empty());
}

TEST_F(UdpListenerTest, RefusesAnAddressThatThisMachineLacks) {
  const auto refused = UdpListener::open({base::Transport::udp, endpoint("203.0.113.77:0"), Listen::Origin::configured},
                                         {poller, registry, inbox});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, EADDRNOTAVAIL);
}

TEST_F(UdpListenerTest, AsksForALargeReceiveBuffer) {
  const auto listener = open("127.0.0.1:0");

  EXPECT_GE(listener->receive_buffer(), 200'000u);  // rmem_max where more is not allowed
}

TEST_F(UdpListenerTest, IsForgottenWhenItCloses) {
  auto listener = open("127.0.0.1:0");
  UdpSocket client;
  client.send(listener->local(), "request");
  turn();
  const turn::ClientId via = inbox.batches.at(0).at(0).via;

  listener.reset();
  turn();

  EXPECT_EQ(registry.find(via), nullptr);
}

}  // namespace
}  // namespace turnd::net
