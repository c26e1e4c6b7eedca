// Several turnds at one interface, by tc: each has a filter of its own, from its start to its end.
#include <gmock/gmock.h>

#include <vector>

#include "tests/turnd/offload/kernel_relay_fixture.h"
#include "turnd/offload/filter_handle.h"

namespace turnd::offload {
namespace {

using testing::HasSubstr;

constexpr const char* kLink = R"(set -e
ip link set lo up
ip link add t0 type veth peer name t1
ip link set t0 up
ip link set t1 up
ip address add 192.0.2.1/24 dev t0
)";

// Whatever else keeps a program from being attached fails the test (attach).
constexpr const char* kNoRight = "no CAP_BPF: nothing can be attached";

class HookTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string not_permitted = enter_namespace();
    if (!not_permitted.empty()) GTEST_SKIP() << not_permitted;
    ASSERT_TRUE(shell(kLink));
  }
  std::unique_ptr<KernelRelay> attach() {
    auto attached = KernelRelay::attach(OffloadProgram::tc, {kV4.server.address});
    if (attached) return std::move(*attached);
    EXPECT_THAT(attached.error(), HasSubstr("CAP_BPF"));
    EXPECT_FALSE(is_offload_required()) << attached.error();
    return nullptr;
  }
  static bool has_filters(int count) {
    return shell("test $(tc filter show dev t0 ingress | grep -c turnd_relay_tc) -eq " + std::to_string(count));
  }
};

TEST_F(HookTest, TwoAtOneInterfaceTakeNothingFromEachOther) {
  auto first = attach();
  if (!first) GTEST_SKIP() << kNoRight;
  const auto second = attach();
  ASSERT_TRUE(second);
  EXPECT_TRUE(has_filters(2));
  EXPECT_TRUE(first->holds());
  EXPECT_TRUE(second->holds());
  first.reset();
  EXPECT_TRUE(has_filters(1));
  EXPECT_TRUE(second->holds());
}

TEST_F(HookTest, SeesThatItsFilterWasTakenAwayAndPutsItBack) {
  const auto relay = attach();
  if (!relay) GTEST_SKIP() << kNoRight;
  ASSERT_TRUE(shell("tc filter delete dev t0 ingress"));
  EXPECT_FALSE(relay->holds());
  relay->serve({kV4.server.address});
  EXPECT_TRUE(relay->holds());
  EXPECT_TRUE(has_filters(1));
}

TEST_F(HookTest, TellsApartThatAnInterfaceOfItsOwnWentDown) {
  using Change = KernelRelay::Change;
  const auto relay = attach();
  if (!relay) GTEST_SKIP() << kNoRight;
  (void)relay->take_changes();
  ASSERT_TRUE(shell("ip route add 198.51.100.0/24 dev t0 && ip link add other0 type veth peer name other1"));
  EXPECT_EQ(relay->take_changes(), Change::ways);
  ASSERT_TRUE(shell("ip link set t0 down"));
  EXPECT_EQ(relay->take_changes(), Change::interface_down);
  relay->serve({kV4.server.address});
  EXPECT_TRUE(relay->interfaces().empty());
  (void)relay->take_changes();
  ASSERT_TRUE(shell("ip link set t0 mtu 1400"));
  EXPECT_EQ(relay->take_changes(), Change::ways);
}

TEST_F(HookTest, RemovesWhatADeadTurndLeft) {
  const auto relay = attach();
  if (!relay) GTEST_SKIP() << kNoRight;
  // As if by another: a filter at a handle that nobody holds.
  const auto left = Hook::attach_filter(relay->program(), static_cast<int>(if_nametoindex("t0")),
                                        *FilterHandle::claim(FilterHandle::kMost));
  ASSERT_TRUE(left);
  ASSERT_TRUE(has_filters(2));
  const auto next = attach();
  EXPECT_TRUE(has_filters(2));  // the first's and this one's
  EXPECT_FALSE((*left).holds());
}

// Whoever holds them: any user can.
TEST_F(HookTest, AttachesAlsoWhereAllUsualHandlesAreHeldAndLeavesNothingThere) {
  std::vector<FilterHandle> held;
  for (unsigned number = 1; number <= FilterHandle::kMost; ++number) held.push_back(*FilterHandle::claim(number));
  const auto relay = attach();
  if (!relay) GTEST_SKIP() << kNoRight;
  EXPECT_TRUE(has_filters(1));
  EXPECT_TRUE(relay->holds());

  // As if by another that was killed.
  const auto left =
      Hook::attach_filter(relay->program(), static_cast<int>(if_nametoindex("t0")), *FilterHandle::claim_any());
  ASSERT_TRUE(left);
  ASSERT_TRUE(has_filters(2));
  const auto next = attach();
  ASSERT_TRUE(next);
  EXPECT_TRUE(has_filters(2));  // the first's and this one's
  EXPECT_FALSE((*left).holds());
  EXPECT_TRUE(relay->holds());
}

TEST_F(HookTest, AHandleBeyondTheUsualOnesHasOneHolderToo) {
  std::vector<FilterHandle> held;
  for (unsigned number = 1; number <= FilterHandle::kMost; ++number) held.push_back(*FilterHandle::claim(number));
  const auto beyond = FilterHandle::claim_any();
  ASSERT_TRUE(beyond);
  EXPECT_GT(beyond->number(), FilterHandle::kMost);
  EXPECT_FALSE(FilterHandle::claim(beyond->number()));
}

TEST_F(HookTest, AHandleHasOneHolder) {
  auto first = FilterHandle::claim_any();
  const auto second = FilterHandle::claim_any();
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->number(), second->number());
  EXPECT_FALSE(FilterHandle::claim(first->number()));
  const unsigned number = first->number();
  first.reset();
  EXPECT_TRUE(FilterHandle::claim(number));
}

}  // namespace
}  // namespace turnd::offload
