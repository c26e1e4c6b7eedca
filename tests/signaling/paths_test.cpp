#include "signaling/paths.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace signaling {
namespace {

TEST(PathsTest, PairsWithTheNamedTurndBeforeItRuns) {
  ::setenv("TURND_SOCKET", "/nonexistent/named.sock", 1);
  EXPECT_EQ(find_paths({}).turnd_control, "/nonexistent/named.sock");
  ::unsetenv("TURND_SOCKET");
}

TEST(PathsTest, KnowsWhereTurndWillOpenItsSocket) {
  if (::geteuid() == 0) GTEST_SKIP() << "root has one place";
  const std::string folder = testing::TempDir() + "/paths-test";
  ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
  const std::string found = find_paths({}).turnd_control;
  EXPECT_TRUE(found == folder + "/turnd.sock" || found == "/run/turnd/control.sock") << found;
  ::unsetenv("XDG_RUNTIME_DIR");
}

}  // namespace
}  // namespace signaling
