#include "turnctl/secret_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace turnctl {
namespace {

class SecretFile : public testing::Test {
 protected:
  std::string write(const std::string& text) {
    const std::string path = folder_.file("secret");
    std::ofstream(path) << text;
    return path;
  }
  turnd::support::TemporaryFolder folder_;
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
  const auto secret = read_secret(folder_.file("absent"));
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().detail.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace turnctl
