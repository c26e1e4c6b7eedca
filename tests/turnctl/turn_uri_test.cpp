#include "turnctl/turn_uri.h"

#include <gtest/gtest.h>

namespace turnctl {
namespace {

using turnd::base::Transport;

TEST(TurnUri, IsUdpOnPort3478WithoutPortAndTransport_Rfc7065_s3_1) {
  const auto uri = parse_turn_uri("turn:turn.example.org");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->host, "turn.example.org");
  EXPECT_EQ(uri->port, 3478);
  EXPECT_EQ(uri->transport, Transport::udp);
  EXPECT_TRUE(uri->relays);
}

TEST(TurnUri, IsTlsOnPort5349WhenSecure_Rfc7065_s3_1) {
  const auto uri = parse_turn_uri("turns:turn.example.org");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->port, 5349);
  EXPECT_EQ(uri->transport, Transport::tls);
}

TEST(TurnUri, ChoosesTheTransportThatItNames) {
  EXPECT_EQ(parse_turn_uri("turn:a?transport=udp")->transport, Transport::udp);
  EXPECT_EQ(parse_turn_uri("turn:a?transport=tcp")->transport, Transport::tcp);
  EXPECT_EQ(parse_turn_uri("turns:a?transport=tcp")->transport, Transport::tls);
  EXPECT_EQ(parse_turn_uri("turns:a?transport=udp")->transport, Transport::dtls);
}

TEST(TurnUri, OfStunRelaysNothing_Rfc7064) {
  EXPECT_FALSE(parse_turn_uri("stun:a")->relays);
  EXPECT_FALSE(parse_turn_uri("stuns:a")->relays);
  EXPECT_EQ(parse_turn_uri("stuns:a")->transport, Transport::tls);
}

TEST(TurnUri, TakesAnIpv6LiteralInBrackets) {
  const auto uri = parse_turn_uri("turn:[2001:db8::1]:3479?transport=tcp");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->host, "2001:db8::1");
  EXPECT_EQ(uri->port, 3479);
}

class WrongTurnUri : public testing::TestWithParam<const char*> {};

TEST_P(WrongTurnUri, IsRefused) { EXPECT_FALSE(parse_turn_uri(GetParam())); }

INSTANTIATE_TEST_SUITE_P(All, WrongTurnUri,
                         testing::Values("", "turn.example.org", "http:a", "turn:", "turn:a:", "turn:a:0",
                                         "turn:a:65536", "turn:a:x", "turn:[::1", "turn:[::1]3478", "turn:a?",
                                         "turn:a?transport=sctp", "turn:a?transport=UDP&x=1", "TURN"));

}  // namespace
}  // namespace turnctl
