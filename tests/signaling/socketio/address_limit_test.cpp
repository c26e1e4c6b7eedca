#include "signaling/socketio/address_limit.h"

#include <vector>

#include <gtest/gtest.h>

namespace signaling::socketio {
namespace {

using turnd::base::IpAddress;

TEST(AddressLimit, CountsEachAddress) {
  AddressLimit limit(2);
  const auto first = limit.take(*IpAddress::parse("192.0.2.1"));
  const auto second = limit.take(*IpAddress::parse("192.0.2.1"));

  EXPECT_TRUE(first && second);
  EXPECT_FALSE(limit.take(*IpAddress::parse("192.0.2.1")));
  EXPECT_TRUE(limit.take(*IpAddress::parse("192.0.2.2")));
}

TEST(AddressLimit, GetsAPlaceBackWhenItGoes) {
  AddressLimit limit(1);
  {
    auto held = limit.take(*IpAddress::parse("192.0.2.1"));
    const auto moved = std::move(held);
    EXPECT_FALSE(limit.take(*IpAddress::parse("192.0.2.1")));
  }
  EXPECT_TRUE(limit.take(*IpAddress::parse("192.0.2.1")));
}

TEST(AddressLimit, CountsANetworkOf64BitsAsOne) {
  AddressLimit limit(1);
  const auto held = limit.take(*IpAddress::parse("2001:db8::1"));

  EXPECT_FALSE(limit.take(*IpAddress::parse("2001:db8::ffff:1")));
  EXPECT_TRUE(limit.take(*IpAddress::parse("2001:db8:0:1::1")));
}

TEST(AddressLimit, CountsAMappedAddressAsWhatItIs) {
  AddressLimit limit(1);
  const auto held = limit.take(*IpAddress::parse("::ffff:192.0.2.1"));

  EXPECT_FALSE(limit.take(*IpAddress::parse("192.0.2.1")));
  EXPECT_TRUE(limit.take(*IpAddress::parse("::ffff:192.0.2.2")));
}

TEST(AddressLimit, HasNoBoundAtZero) {
  AddressLimit limit(0);
  std::vector<AddressLimit::Place> places;
  for (int i = 0; i < 1000; ++i) places.push_back(*limit.take(*IpAddress::parse("192.0.2.1")));

  EXPECT_TRUE(limit.take(*IpAddress::parse("192.0.2.1")));
}

}  // namespace
}  // namespace signaling::socketio
