#include "signaling/named_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

class NamedFilesTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  // The file that is found fault with; empty: none.
  [[nodiscard]] std::string refused() const {
    const auto error = check_named_files(config_);
    return error ? error->what : "";
  }

  turnd::support::TemporaryFolder folder_;
  config::Config config_;
};

TEST_F(NamedFilesTest, AreNoneByDefault) { EXPECT_EQ(refused(), ""); }

TEST_F(NamedFilesTest, HoldTheSecretsOfEverySection) {
  const std::string good = write("good", "0123456789abcdef0123456789abcdef"), absent = folder_.file("absent");
  config_.auth.key_file = config_.auth.previous_key_file = good;
  config_.turn.push_back({.uris = {}, .secret_file = good, .control = {}});
  config_.smtp.emplace().password_file = good;
  config_.webhooks.push_back({.url = "https://one.test/", .secret_file = good, .events = {}});
  EXPECT_EQ(refused(), "");

  for (std::string* file : {&config_.auth.key_file, &config_.auth.previous_key_file, &config_.turn[0].secret_file,
                            &config_.smtp->password_file, &config_.webhooks[0].secret_file}) {
    *file = absent;
    EXPECT_EQ(refused(), absent);
    *file = good;
  }
}

TEST_F(NamedFilesTest, AreNotEmpty) {
  config_.webhooks.push_back({.url = "https://one.test/", .secret_file = write("empty", "\n"), .events = {}});
  EXPECT_EQ(refused(), folder_.file("empty"));
}

}  // namespace
}  // namespace signaling
