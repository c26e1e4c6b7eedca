// What is heard of changes of routing, in a network namespace of its own.
#include "turnd/offload/netlink.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>

#include "tests/turnd/offload/kernel_relay_fixture.h"

namespace turnd::offload {
namespace {

class RouteMonitorTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string not_permitted = enter_namespace();
    if (!not_permitted.empty()) GTEST_SKIP() << not_permitted;
    auto opened = RouteMonitor::open();
    ASSERT_TRUE(opened);
    monitor_.emplace(std::move(*opened));
  }
  // The kernel tells of it before the command ends.
  void expect_heard(const std::string& command) {
    (void)monitor_->take_changes();
    ASSERT_TRUE(shell(command)) << command;
    EXPECT_TRUE(monitor_->take_changes().any) << command;
  }
  std::optional<RouteMonitor> monitor_;
};

TEST_F(RouteMonitorTest, HearsOfRulesOfBothFamilies) {
  if (!shell("ip -4 rule list > /dev/null 2>&1 && ip -6 rule list > /dev/null 2>&1"))
    GTEST_SKIP() << "this kernel has no rules of routing";
  EXPECT_FALSE(monitor_->take_changes().any);
  expect_heard("ip -4 rule add from 192.0.2.1 lookup 100");
  expect_heard("ip -4 rule delete from 192.0.2.1 lookup 100");
  expect_heard("ip -6 rule add from 2001:db8::1 lookup 100");
  expect_heard("ip -6 rule delete from 2001:db8::1 lookup 100");
}

TEST_F(RouteMonitorTest, HearsOfInterfacesAddressesAndRoutes) {
  expect_heard("ip link add t0 type veth peer name t1");
  expect_heard("ip link set t0 mtu 1400");
  expect_heard("ip address add 192.0.2.1/24 dev t0");
  expect_heard("ip link set t0 up");
  expect_heard("ip route add 198.51.100.0/24 dev t0");
  expect_heard("ip -6 route add 2001:db8:1::/64 dev t0");
}

TEST_F(RouteMonitorTest, TellsWhichInterfacesWentDown) {
  ASSERT_TRUE(shell("ip link add t0 type veth peer name t1 && ip link set t0 up"));
  const auto index = static_cast<int>(if_nametoindex("t0"));
  (void)monitor_->take_changes();
  ASSERT_TRUE(shell("ip address add 192.0.2.1/24 dev t0 && ip link set t0 mtu 1400"));
  EXPECT_THAT(monitor_->take_changes().down, testing::Not(testing::Contains(index)));
  ASSERT_TRUE(shell("ip link set t0 down"));
  EXPECT_THAT(monitor_->take_changes().down, testing::Contains(index));
  ASSERT_TRUE(shell("ip link delete t0"));
  EXPECT_THAT(monitor_->take_changes().down, testing::Contains(index));
}

}  // namespace
}  // namespace turnd::offload
