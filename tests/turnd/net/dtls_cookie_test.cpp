// DTLS clients that nobody knows yet: no state before the cookie fits (security.md C-DTLS0).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/turnd/net/dtls_fixture.h"
#include "turnd/net/dtls_server.h"

namespace turnd::net {
namespace {

using testing::ElementsAre;

class DtlsCookieTest : public DtlsFixture {};

// A sanitizer keeps freed memory for a while: there the count of associations must do.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kGrowth = std::size_t{1} << 30;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t kGrowth = std::size_t{1} << 30;
#else
constexpr std::size_t kGrowth = std::size_t{1} << 20;
#endif
#else
constexpr std::size_t kGrowth = std::size_t{1} << 20;
#endif

std::size_t resident_bytes() {
  constexpr std::size_t kPage = 4096;
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * kPage;
}

TEST_F(DtlsCookieTest, KeepsNothingOfAClientHelloWithoutACookie_Rfc6347_s4_2_1) {
  DtlsClient client;
  client.shake_hands();
  const std::string hello = client.take();

  receive(hello);

  ASSERT_EQ(sender.sent.size(), 1u);
  EXPECT_LT(sender.sent[0].size(), hello.size());  // no amplification
  EXPECT_EQ(associations(), 0u);
  EXPECT_FALSE(server.next_deadline());
}

TEST_F(DtlsCookieTest, DoesNotGrowUnderAFloodOfHellosFromManyAddresses) {
  DtlsClient client;
  client.shake_hands();
  const std::string hello = client.take();
  receive(hello);
  const std::size_t before = resident_bytes();

  for (std::uint16_t port = 1024; port < 11'024; ++port) {
    receive(hello, route_from_port(port));
    sender.sent.clear();
  }

  EXPECT_LE(resident_bytes(), before + kGrowth);
  EXPECT_EQ(associations(), 0u);
}

TEST_F(DtlsCookieTest, KeepsNothingOfAFragmentThatDeclaresALargeHello) {
  // security.md appendix A: 35 bytes that declare a hello of 650,000.
  const std::string fragment(
      "\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x16\x01\x09\xeb\x10\x00\x00\x00\x00\x00\x00"
      "\x00\x0a\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00",
      35);
  receive(fragment);
  const std::size_t before = resident_bytes();

  for (std::uint16_t port = 1024; port < 11'024; ++port) receive(fragment, route_from_port(port));

  EXPECT_LE(resident_bytes(), before + kGrowth);
  EXPECT_TRUE(sender.sent.empty());
  EXPECT_EQ(associations(), 0u);
}

TEST_F(DtlsCookieTest, NeitherAnswersNorKeepsOtherRecordsOfUnknownClients) {
  for (const char type : {'\x14', '\x15', '\x17'})
    receive(std::string{type} + std::string("\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x01\x00", 14));

  EXPECT_TRUE(sender.sent.empty());
  EXPECT_EQ(associations(), 0u);
  EXPECT_EQ(inbox.drops.size(), 3u);
}

TEST_F(DtlsCookieTest, RefusesACookieFromAnotherAddress) {
  DtlsClient client;
  const std::string hello = hello_with_cookie(client);
  DatagramRoute other = route;
  other.client.address = base::IpAddress::parse("192.0.2.2").value();

  receive(hello, other);

  EXPECT_EQ(associations(), 0u);
  EXPECT_EQ(sender.sent.size(), 1u);  // another cookie
}

TEST_F(DtlsCookieTest, RefusesACookieThatIsTooOld) {
  DtlsClient client;
  const std::string hello = hello_with_cookie(client);
  DtlsClient another;
  another.shake_hands();
  const std::string first_hello = another.take();
  for (int period = 0; period < 2; ++period) {
    now.monotonic += 61s;
    receive(first_hello, route_from_port(6000));
  }

  receive(hello);

  EXPECT_EQ(associations(), 0u);
}

TEST_F(DtlsCookieTest, IgnoresGarbageWithinAnAssociation) {
  DtlsClient client;
  ASSERT_TRUE(shake_hands(client));

  receive(std::string("\x17\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x99\x00\x20", 13) + std::string(32, 'x'));
  client.write("hello");
  receive(client.take());

  EXPECT_THAT(inbox.messages, ElementsAre("hello"));
}

TEST_F(DtlsCookieTest, FragmentsOfNothingDoNotHoldItUp) {
  DtlsClient client;
  receive(hello_with_cookie(client));
  sender.sent.clear();
  // A handshake fragment of length 0, again and again (CVE-2022-29190 of another server).
  const std::string empty(
      "\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x77\x00\x0c\x10\x00\x00\x42\x00\x02\x00\x00\x00\x00\x00\x00", 25);

  for (int i = 0; i < 1000; ++i) receive(empty);

  EXPECT_LE(associations(), 1u);
  EXPECT_TRUE(inbox.messages.empty());
}

}  // namespace
}  // namespace turnd::net
