// Addresses and endpoints, from text and back.
#include "turnd/base/endpoint.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace turnd::base {
namespace {

TEST(IpAddress, TakesBackWhatItWrites) {
  for (const std::string_view text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1:2",
                                      "fe80::1", "::ffff:192.0.2.1", "ff02::fb"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
}

TEST(IpAddress, ReadsTheFamilyFromTheText) {
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->family(), Family::ipv4);
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1")->family(), Family::ipv6);
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->octets().size(), 4U);
  EXPECT_EQ(IpAddress::parse("2001:db8::1")->octets().size(), 16U);
}

TEST(IpAddress, RefusesWhatIsNotExactlyAnAddress) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv,
                                      " "sv,
                                      "1"sv,
                                      "127.1"sv,
                                      "192.0.2"sv,
                                      "192.0.2.256"sv,
                                      "192.0.2.1 "sv,
                                      " 192.0.2.1"sv,
                                      "192.0.2.1:80"sv,
                                      "192.0.2.1/32"sv,
                                      "192.0.2.01"sv,
                                      "0x7f.0.0.1"sv,
                                      "[::1]"sv,
                                      "::1%eth0"sv,
                                      "fe80::1%1"sv,
                                      "::1::"sv,
                                      "12345::"sv,
                                      ":::"sv,
                                      "1:2:3:4:5:6:7"sv,
                                      "1:2:3:4:5:6:7:8:9"sv,
                                      "::1\0"sv,
                                      "127.0.0.1\0.example"sv,
                                      "localhost"sv,
                                      "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"sv})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, LeavesTheMappedFormOnlyWhenAsked) {
  const auto mapped = *IpAddress::parse("::ffff:192.0.2.1");

  EXPECT_EQ(to_string(mapped.unmapped()), "192.0.2.1");
  EXPECT_NE(mapped, mapped.unmapped());
  for (const std::string_view other : {"::192.0.2.1", "::fffe:192.0.2.1", "::1:ffff:192.0.2.1", "192.0.2.1", "::"})
    EXPECT_EQ(IpAddress::parse(other)->unmapped(), *IpAddress::parse(other)) << other;
}

TEST(IpAddress, KnowsTheUnspecifiedAddressOfEitherFamily) {
  EXPECT_TRUE(IpAddress::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(IpAddress::parse("::")->is_unspecified());
  EXPECT_FALSE(IpAddress::parse("0.0.0.1")->is_unspecified());
  EXPECT_FALSE(IpAddress::parse("::1")->is_unspecified());
}

TEST(IpAddress, IsOrderedAsTheNumberItIs) {
  EXPECT_LT(*IpAddress::parse("9.255.255.255"), *IpAddress::parse("10.0.0.0"));
  EXPECT_LT(*IpAddress::parse("2001:db8::ff"), *IpAddress::parse("2001:db8::100"));
  EXPECT_NE(*IpAddress::parse("0.0.0.0"), *IpAddress::parse("::"));
}

TEST(Endpoint, TakesBackWhatItWrites) {
  for (const std::string_view text : {"192.0.2.1:3478", "192.0.2.1:0", "[2001:db8::1]:65535", "[::]:1"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(to_string(*endpoint), text);
  }
}

TEST(Endpoint, NeedsItsPortAndBracketsAroundIpv6Alone) {
  for (const std::string_view text : {"",
                                      ":",
                                      ":80",
                                      "192.0.2.1",
                                      "192.0.2.1:",
                                      "192.0.2.1:65536",
                                      "192.0.2.1:-1",
                                      "192.0.2.1:+1",
                                      "192.0.2.1: 1",
                                      "192.0.2.1:1 ",
                                      "192.0.2.1:1x",
                                      "[192.0.2.1]:80",
                                      "2001:db8::1:80:",
                                      "::1:80",
                                      "[::1]",
                                      "[::1]80",
                                      "[::1:80",
                                      "::1]:80",
                                      "[]:80",
                                      "[[::1]]:80",
                                      "host:80"})
    EXPECT_FALSE(Endpoint::parse(text)) << text;
}

TEST(Endpoint, SpreadsItsHashesOverTheLowBits) {
  std::unordered_set<std::uint64_t> buckets;
  for (std::uint16_t port = 0; port < 4096; ++port)
    buckets.insert(hash_value(Endpoint{*IpAddress::parse("192.0.2.1"), port}) % 4096);

  EXPECT_GT(buckets.size(), 2400U) << "of 4096 random throws 2589 buckets are expected to be hit";
}

TEST(Endpoint, HashesThePortAndEveryOctet) {
  const Endpoint base{IpAddress::v6({}), 80};
  std::unordered_set<std::uint64_t> hashes{hash_value(base), hash_value(Endpoint{base.address, 81})};
  for (std::size_t octet = 0; octet < 16; ++octet) {
    std::array<std::uint8_t, 16> changed{};
    changed[octet] = 1;
    hashes.insert(hash_value(Endpoint{IpAddress::v6(changed), 80}));
  }

  EXPECT_EQ(hashes.size(), 18U);
}

}  // namespace
}  // namespace turnd::base
