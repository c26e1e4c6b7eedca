#include "turnd/store/state_files.h"

#include "tests/turnd/store/store_fixture.h"
#include "turnd/crypto/random.h"

namespace turnd::store {
namespace {

class StateFilesTest : public StoreTest {
 protected:
  base::RandomSource random_ = crypto::system_random;
};

TEST_F(StateFilesTest, MakesTheDirectoryForItsOwnerAlone_D52) {
  const mode_t before = ::umask(0);
  const auto made = open_state_directory(path("a/b/turnd"));
  ::umask(before);

  EXPECT_TRUE(made.is_writable) << made.why_not;
  EXPECT_FALSE(made.others_can_read);
  EXPECT_EQ(mode_of(path("a/b/turnd")), 0700U);
}

TEST_F(StateFilesTest, AnExistingDirectoryKeepsItsModeAndSaysSo_D52) {
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);

  const auto opened = open_state_directory(directory_.path());

  EXPECT_TRUE(opened.others_can_read);
  EXPECT_EQ(mode_of(directory_.path()), 0755U);
}

TEST_F(StateFilesTest, ADirectoryThatCannotBeMadeSaysWhy_D74) {
  write("file", "");

  const auto below = open_state_directory(path("file/turnd"));
  EXPECT_FALSE(below.is_writable);
  EXPECT_FALSE(below.why_not.empty());
  EXPECT_FALSE(open_state_directory(path("file")).is_writable);
  EXPECT_FALSE(load_nonce_key(below, random_));
  EXPECT_FALSE(load_generated_secret(below, random_));
}

TEST_F(StateFilesTest, TheNonceKeySurvivesARestart) {
  const auto directory = open_state_directory(directory_.path());

  const auto first = load_nonce_key(directory, random_);
  ASSERT_TRUE(first);
  EXPECT_EQ(load_nonce_key(directory, random_), first);
  EXPECT_EQ(mode_of(path("nonce.key")), 0600U);
  EXPECT_FALSE(std::filesystem::exists(path("nonce.key.new")));
}

TEST_F(StateFilesTest, ABrokenNonceKeyIsReplaced) {
  const auto directory = open_state_directory(directory_.path());
  write("nonce.key", "half of i");

  const auto key = load_nonce_key(directory, random_);
  ASSERT_TRUE(key);
  EXPECT_EQ(load_nonce_key(directory, random_), key);
}

TEST_F(StateFilesTest, TheSecretIs64HexDigits_D20) {
  const auto directory = open_state_directory(directory_.path());

  const auto secret = load_generated_secret(directory, random_).value();
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(secret.reveal().find_first_not_of("0123456789abcdef"), std::string_view::npos);
  EXPECT_EQ(load_generated_secret(directory, random_).value().reveal(), secret.reveal());
  EXPECT_EQ(read("secret"), std::string(secret.reveal()) + "\n");
  EXPECT_EQ(mode_of(path("secret")), 0600U);
}

TEST_F(StateFilesTest, ASecretThatCannotBeReadIsNotReplaced) {
  const auto directory = open_state_directory(directory_.path());
  std::filesystem::create_directory(path("secret"));

  EXPECT_FALSE(load_generated_secret(directory, random_));
  EXPECT_TRUE(std::filesystem::is_directory(path("secret")));
}

TEST_F(StateFilesTest, AFileIsReadWithoutItsLastNewline) {
  write("one", "north\n");
  write("two", "north\n\n");

  EXPECT_EQ(read_file(path("one")).text, "north");
  EXPECT_EQ(read_file(path("two")).text, "north\n");
  EXPECT_FALSE(read_file(path("three")).text);
  EXPECT_FALSE(read_file(path("three")).why.empty());
  EXPECT_FALSE(read_file(directory_.path()).text);
}

}  // namespace
}  // namespace turnd::store
