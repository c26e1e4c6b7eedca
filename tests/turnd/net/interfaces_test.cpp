// The machine's own addresses; loopback is the only one that every machine has.
#include "turnd/net/interfaces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace turnd::net {
namespace {

TEST(Interfaces, KnowLoopback) {
  const auto all = interface_addresses();

  const auto found = std::ranges::find(all, base::IpAddress::parse("127.0.0.1").value(), &InterfaceAddress::address);
  ASSERT_NE(found, all.end());
  EXPECT_EQ(found->interface, "lo");
  EXPECT_EQ(found->prefix_length, 8);
  EXPECT_TRUE(found->up);
  EXPECT_TRUE(found->loopback);
  EXPECT_FALSE(found->temporary);
}

TEST(Interfaces, KnowIpv6LoopbackWhereThereIsOne) {
  // The kernel's own list, one line an address.
  std::ostringstream kernels;
  kernels << std::ifstream("/proc/net/if_inet6").rdbuf();
  if (!kernels.str().starts_with("00000000000000000000000000000001 ") &&
      kernels.str().find("\n00000000000000000000000000000001 ") == std::string::npos)
    GTEST_SKIP() << "this machine has no IPv6";

  const auto all = interface_addresses();
  const auto found = std::ranges::find(all, base::IpAddress::parse("::1").value(), &InterfaceAddress::address);
  ASSERT_NE(found, all.end());
  EXPECT_EQ(found->prefix_length, 128);
  EXPECT_TRUE(found->loopback);
  EXPECT_FALSE(found->temporary);
}

TEST(DefaultSource, IsAnAddressOfThisMachineOfTheFamilyAsked) {
  const auto all = interface_addresses();
  for (const base::Family family : base::kFamilies) {
    const auto source = default_source(family);
    if (!source) continue;  // no route: then there is none
    EXPECT_EQ(source->family(), family);
    EXPECT_NE(std::ranges::find(all, *source, &InterfaceAddress::address), all.end()) << base::to_string(*source);
  }
}

}  // namespace
}  // namespace turnd::net
