#include "turnd/process/standard_streams.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <vector>

namespace turnd::process {
namespace {

bool is_null_device(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == makedev(1, 3);
}

// Whether `holds` is true in a process that has opened its standard streams after it closed some of them.
bool holds_without(const std::vector<int>& closed, const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int each : closed) ::close(each);
    ::_exit(open_standard_streams() && holds() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST(StandardStreams, ThoseThatAreClosedAreTheNullDevice) {
  EXPECT_TRUE(holds_without({0, 1, 2}, [] { return is_null_device(0) && is_null_device(1) && is_null_device(2); }));
  EXPECT_TRUE(holds_without({2}, [] { return is_null_device(2); }));
  EXPECT_TRUE(holds_without({0, 2}, [] { return is_null_device(0) && is_null_device(2); }));
}

TEST(StandardStreams, TheNextDescriptorIsNoneOfThem) {
  EXPECT_TRUE(holds_without({0, 1, 2}, [] { return ::dup(0) > 2; }));
}

TEST(StandardStreams, OpenOnesStayWhatTheyAre) {
  struct stat ours {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &ours), 0);
  EXPECT_TRUE(holds_without({0, 1}, [&ours] {
    struct stat found {};
    return ::fstat(STDERR_FILENO, &found) == 0 && found.st_dev == ours.st_dev && found.st_ino == ours.st_ino;
  }));
}

}  // namespace
}  // namespace turnd::process
