#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "turnctl/command_tree.h"

namespace turnctl {
namespace {

using testing::HasSubstr;
using Value = CommandOption::Value;

CommandTree sample() {
  const CommandTree list{"list", "Show the live sessions", {{"--user", "Only of this user", Value::text}}, {}, {},
                         false};
  const CommandTree check{"check", "Check an operator's file", {}, {}, {}, true};
  return {"turnctl",
          "",
          {{"--json", "Print JSON", Value::none}, {"--socket", "The socket", Value::file}},
          {{"sessions", "Live sessions", {}, {list}, {}, false},
           {"config", "Configuration", {}, {check}, {}, false},
           {"completion", "Completion", {}, {}, {"bash", "zsh", "fish"}, false}},
          {},
          false};
}

class Completion : public testing::TestWithParam<const char*> {
 protected:
  std::string script = *completion_script(GetParam(), sample());
};

TEST_P(Completion, KnowsEveryCommandAndOption) {
  for (const char* word : {"sessions", "list", "config", "check", "completion", "bash", "user", "json", "socket"})
    EXPECT_THAT(script, HasSubstr(word));
}

TEST_P(Completion, KnowsWhereACommandStands) {
  EXPECT_THAT(script, HasSubstr("/sessions/list"));
  EXPECT_THAT(script, HasSubstr("/config/check"));
}

INSTANTIATE_TEST_SUITE_P(Shells, Completion, testing::Values("bash", "zsh", "fish"));

TEST(CompletionScript, KeepsAnApostropheInsideItsQuotes) {
  EXPECT_THAT(*completion_script("fish", sample()), HasSubstr(R"('Check an operator'\''s file')"));
}

TEST(CompletionScript, OffersFilesWhereACommandTakesOne) {
  EXPECT_THAT(*completion_script("bash", sample()), HasSubstr("'/config/check') words='--json --socket' files=yes"));
}

TEST(CompletionScript, IsNotThereForAnotherShell) { EXPECT_FALSE(completion_script("powershell", sample())); }

}  // namespace
}  // namespace turnctl
