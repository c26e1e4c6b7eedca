#include "signaling/paths.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

TEST(PathsTest, PairsWithTheNamedTurndBeforeItRuns) {
  ::setenv("TURND_SOCKET", "/nonexistent/named.sock", 1);
  EXPECT_EQ(find_paths({}).turnd_control, "/nonexistent/named.sock");
  ::unsetenv("TURND_SOCKET");
}

TEST(PathsTest, KnowsWhereTurndWillOpenItsSocket) {
  const turnd::support::TemporaryFolder folder;
  ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
  const std::string found = find_paths({}).turnd_control;
  const bool is_of_the_user = ::geteuid() != 0 && found == folder.file("turnd.sock");
  EXPECT_TRUE(is_of_the_user || found == "/run/turnd/control.sock") << found;
  ::unsetenv("XDG_RUNTIME_DIR");
}

}  // namespace
}  // namespace signaling
