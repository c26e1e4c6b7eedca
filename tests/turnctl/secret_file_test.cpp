#include "turnctl/secret_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace turnctl {
namespace {

class SecretFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& text) {
    const std::string path = folder_ / "secret";
    std::ofstream(path) << text;
    return path;
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("turnctl-secret-" + std::to_string(getpid()));
};

TEST_F(SecretFile, LosesItsLastNewlineOnly) {
  EXPECT_EQ(read_secret(write("two words\n"))->reveal(), "two words");
  EXPECT_EQ(read_secret(write("two\nlines\n\n"))->reveal(), "two\nlines\n");
}

TEST_F(SecretFile, ThatIsEmptyIsRefused) {
  const auto secret = read_secret(write("\n"));
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().detail.find("is empty"), std::string::npos);
}

TEST_F(SecretFile, ThatIsNotThereIsRefusedWithItsName) {
  const auto secret = read_secret(folder_ / "absent");
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().detail.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace turnctl
