#include "signaling/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaling {
namespace {

TEST(CommandsTest, SayWhyTheDatabaseCannotBeUsed_C12) {
  config::Config config;
  config.database = "/dev/null/signald.db";
  for (const auto action : {Options::Action::add_user, Options::Action::list_keys}) {
    Options options;
    options.action = action;
    testing::internal::CaptureStderr();
    EXPECT_EQ(run_command(options, config), 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::StartsWith("signald: /dev/null/signald.db: "));
  }
}

}  // namespace
}  // namespace signaling
