// DTLS associations: one message a record, deadlines, and clients that begin anew.
#include "turnd/net/dtls_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/turnd/net/dtls_fixture.h"

namespace turnd::net {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

class DtlsServerTest : public DtlsFixture {};

TEST_F(DtlsServerTest, HandsOverOneMessageARecord) {
  DtlsClient client;
  ASSERT_TRUE(shake_hands(client));
  client.write("one");
  client.write("two");

  receive(client.take());

  EXPECT_THAT(inbox.messages, ElementsAre("one", "two"));
  EXPECT_EQ(inbox.from, (turn::FiveTuple{route.client, route.server, base::Transport::dtls}));
  EXPECT_EQ(handshakes(kSuccess), 1u);
  EXPECT_EQ(associations(), 1u);
}

TEST_F(DtlsServerTest, SendsOneDatagramAMessage) {
  DtlsClient client;
  ASSERT_TRUE(shake_hands(client));
  client.write("hello");
  receive(client.take());
  turn::ClientForwards forwards;
  forwards.reserve(2);
  for (const char* payload : {"a", "b"}) {
    auto next = forwards.next(4);
    std::memcpy(next.header.data(), "\x40\x01\x00\x01", 4);
    next.item.payload = base::as_bytes(payload);
  }

  const NotSent failed = registry.find(inbox.via)->send_forwards(forwards);

  EXPECT_EQ(failed.packets, 0u);
  ASSERT_EQ(sender.sent.size(), 2u);
  client.give(sender.sent[0]);
  EXPECT_EQ(client.read(), std::string("\x40\x01\x00\x01"
                                       "a",
                                       5));
}

TEST_F(DtlsServerTest, KeepsEveryDatagramOfItsFlightWithinTheMtu) {
  DtlsClient client;
  receive(hello_with_cookie(client));

  std::vector<std::size_t> sizes;
  for (const std::string& each : sender.sent) sizes.push_back(each.size());

  EXPECT_FALSE(sizes.empty());
  EXPECT_THAT(sizes, Each(Le(1200u)));
}

TEST_F(DtlsServerTest, TellsOnceThatAClientSaidGoodbye) {
  DtlsClient client;
  ASSERT_TRUE(shake_hands(client));
  client.write("hello");
  receive(client.take());

  client.close();
  receive(client.take());

  EXPECT_THAT(inbox.closed, ElementsAre(inbox.via));
  EXPECT_EQ(registry.find(inbox.via), nullptr);
  EXPECT_EQ(associations(), 0u);
}

TEST_F(DtlsServerTest, LetsAClientBeginAnewWhenItsCookieFits_Rfc6347_s4_2_8) {
  DtlsClient before;
  ASSERT_TRUE(shake_hands(before));
  before.write("before");
  receive(before.take());
  const turn::ClientId old = inbox.via;
  DtlsClient after;
  after.shake_hands();
  receive(after.take());
  const bool lives_until_the_cookie_fits = registry.find(old) != nullptr;
  for (const std::string& each : sender.take()) after.give(each);

  ASSERT_TRUE(shake_hands(after));
  after.write("after");
  receive(after.take());

  EXPECT_TRUE(lives_until_the_cookie_fits);
  EXPECT_THAT(inbox.closed, ElementsAre(old));
  EXPECT_THAT(inbox.messages, ElementsAre("before", "after"));
  EXPECT_EQ(associations(), 1u);
}

TEST_F(DtlsServerTest, EndsAHandshakeThatTakesTooLong) {
  DtlsClient client;
  receive(hello_with_cookie(client));
  const std::uint64_t during = associations();

  pass(10s + 1ms);

  EXPECT_EQ(during, 1u);
  EXPECT_EQ(associations(), 0u);
  EXPECT_EQ(handshakes(kTimeout), 1u);
  EXPECT_FALSE(server.next_deadline());
}

TEST_F(DtlsServerTest, EndsAClientWithoutAnAllocationAndKeepsOneWithIt) {
  DtlsClient client;
  ASSERT_TRUE(shake_hands(client));
  client.write("hello");
  receive(client.take());
  ClientLink* link = registry.find(inbox.via);

  link->on_session_opened(now);
  pass(3600s);
  const std::uint64_t with_session = associations();
  link->on_session_closed(now);
  pass(60s + 1ms);

  EXPECT_EQ(with_session, 1u);
  EXPECT_EQ(associations(), 0u);
}

TEST_F(DtlsServerTest, KeepsAssociationsWhenTheCertificateChanges) {
  DtlsClient before;
  ASSERT_TRUE(shake_hands(before));
  DtlsClient midway;
  const DatagramRoute elsewhere = route_from_port(6000);
  midway.shake_hands();

  files.issue({.serial = 2});
  server.replace_context(*tls::ServerContext::load(files.settings()));
  before.write("still here");
  receive(before.take());
  receive(midway.take(), elsewhere);

  EXPECT_THAT(inbox.messages, ElementsAre("still here"));
  EXPECT_EQ(sender.sent.size(), 1u);
}

}  // namespace
}  // namespace turnd::net
