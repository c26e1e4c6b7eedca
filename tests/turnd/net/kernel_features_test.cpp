// Kernel features: what is asked for is there, and what is switched off is not used.
#include "turnd/net/kernel_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <cstdio>

namespace turnd::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr KernelFeatures kAll{.udp_gso = true, .udp_gro = true, .epoll_pwait2 = true};

TEST(KernelFeatures, AreFoundOnAKernelThatHasThem) {
  utsname system{};
  ASSERT_EQ(uname(&system), 0);
  int major = 0;
  int minor = 0;
  if (std::sscanf(system.release, "%d.%d", &major, &minor) != 2 || major < 6) GTEST_SKIP() << "an older kernel";

  EXPECT_EQ(probe_kernel_features(), kAll);
}

TEST(KernelFeatures, AreSwitchedOffByName) {
  KernelFeatures some = kAll;
  KernelFeatures none = kAll;

  EXPECT_THAT(switch_off("gro", some), IsEmpty());
  EXPECT_THAT(switch_off("gso,gro,epoll_pwait2", none), IsEmpty());

  EXPECT_EQ(some, (KernelFeatures{.udp_gso = true, .udp_gro = false, .epoll_pwait2 = true}));
  EXPECT_EQ(none, KernelFeatures{});
}

TEST(KernelFeatures, TellsNamesThatAreNone) {
  KernelFeatures features = kAll;

  EXPECT_THAT(switch_off("gs0,gro,,GSO", features), ElementsAre("gs0", "GSO"));
  EXPECT_THAT(switch_off("", features), IsEmpty());

  EXPECT_EQ(features, (KernelFeatures{.udp_gso = true, .udp_gro = false, .epoll_pwait2 = true}));
}

}  // namespace
}  // namespace turnd::net
