#include "signaling/state_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "signaling/named_files.h"
#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

using testing::HasSubstr;
using turnd::base::Secret;
using turnd::config::WorldError;

class StateFilesTest : public testing::Test {
 protected:
  StateFilesTest() { ::unsetenv("JWT_SECRET"); }
  ~StateFilesTest() override { ::unsetenv("JWT_SECRET"); }

  std::string file(const std::string& text) {
    const std::string path = folder_.file("given");
    std::ofstream(path) << text;
    return path;
  }
  // Why there is no key; empty when there is one.
  std::string refusal(const config::Config& config) {
    auto key = token_key(config, folder_.path(), warnings_);
    const auto* error = std::get_if<WorldError>(&key);
    return error ? error->why : "";
  }
  std::string made() {
    auto key = token_key({}, folder_.path(), warnings_);
    return std::string(std::get<Secret>(key).reveal());
  }

  turnd::support::TemporaryFolder folder_;
  std::vector<std::string> warnings_;
};

// What examples, other projects' among them, write where a secret belongs.
const char* const kPlaceholders[] = {"change-me",
                                     "changeme-changeme-changeme-changeme",
                                     "please CHANGE THIS to a long random text",
                                     "your-super-secret-jwt-key-with-32-bytes",
                                     "your_jwt_secret",
                                     "<your secret key here, 32 bytes or more>",
                                     "insert-your-own-secret-key-right-here-00",
                                     "replace_me_replace_me_replace_me_123",
                                     "placeholder-placeholder-placeholder",
                                     "secret",
                                     "Password123",
                                     ""};

TEST_F(StateFilesTest, RefusesPlaceholdersForKeys_WDefault) {
  for (const char* text : kPlaceholders) {
    config::Config config;
    config.auth.key_file = file(std::string(text) + "\n");
    EXPECT_THAT(refusal(config), HasSubstr("placeholder")) << text;
    EXPECT_TRUE(check_named_files(config)) << text;

    config::Config relays;
    relays.turn.push_back({.uris = {"turn:turn.example.org"}, .secret_file = file(text), .control = {}});
    EXPECT_TRUE(check_named_files(relays)) << text;

    config::Config hooks;
    hooks.webhooks.push_back({.url = "https://app.example.org", .secret_file = file(text), .events = {}});
    EXPECT_TRUE(check_named_files(hooks)) << text;

    if (*text == '\0') continue;  // not set
    ::setenv("JWT_SECRET", text, 1);
    EXPECT_THAT(refusal({}), HasSubstr("placeholder")) << text;
    ::unsetenv("JWT_SECRET");
  }
}

TEST_F(StateFilesTest, TakesKeysThatSomebodyMade) {
  for (const char* text : {"8f1c3b5e7a9d2c4e6f8091a2b3c4d5e6f708192a3b4c5d6e",
                           "correct horse battery staple, and so on", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy"}) {
    config::Config config;
    config.auth.key_file = file(text);
    EXPECT_EQ(refusal(config), "") << text;
    EXPECT_FALSE(check_named_files(config)) << text;
  }
}

TEST_F(StateFilesTest, MakesAKeyWhereNoneIsGivenAndKeepsIt_WDefault) {
  const std::string first = made();
  EXPECT_EQ(first.size(), 64U);
  EXPECT_EQ(made(), first) << "after a restart";
  std::filesystem::remove(folder_.file("token.key"));
  EXPECT_NE(made(), first) << "on another machine";
  EXPECT_TRUE(warnings_.empty());
}

}  // namespace
}  // namespace signaling
