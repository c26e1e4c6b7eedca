#include "turnd/offload/boot_time.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace turnd::offload {
namespace {

using namespace std::chrono_literals;

base::Duration read(const std::string& lines) {
  std::istringstream offsets(lines);
  return read_boot_time_ahead(offsets);
}

TEST(BootTime, IsAheadByWhatItsNamespaceSays) {
  EXPECT_EQ(read("monotonic           0         0\nboottime       86400 500000000\n"), 86'400s + 500ms);
  EXPECT_EQ(read("monotonic        -100         0\nboottime        -100         1\n"), -100s + 1ns);
}

TEST(BootTime, IsTheKernelsWithoutANamespace) {
  EXPECT_EQ(read("monotonic           0         0\nboottime            0         0\n"), 0s);
  EXPECT_EQ(read(""), 0s);
}

}  // namespace
}  // namespace turnd::offload
