#include "signaling/service/password_hash.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "signaling/service/hash_pool.h"

namespace signaling::service {
namespace {

TEST(PasswordHashTest, IsArgon2idWithTheParametersOfOwasp) {
  const std::string hash = hash_password("correct horse");
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0U) << hash;
  EXPECT_NE(hash, hash_password("correct horse"));
  EXPECT_FALSE(needs_rehash(hash));
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct hors"));
}

TEST(PasswordHashTest, NobodysHashIsNobodysPassword_W_LOGIN) {
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password("", "x"));
  EXPECT_FALSE(verify_password(std::string(500, '$'), "x"));
  EXPECT_FALSE(verify_password("$2y$10$abcdefghijklmnopqrstuv", "x"));
  EXPECT_TRUE(needs_rehash("$argon2id$v=19$m=4096,t=1,p=1$c2FsdHNhbHQ$aGFzaA"));
}

TEST(PasswordHashTest, ComposedAndDecomposedLettersAreOnePassword) {
  EXPECT_TRUE(verify_password(hash_password("caf\xC3\xA9!"), "cafe\xCC\x81!"));
}

TEST(HashPoolTest, RefusesWhatItCannotQueueAndRunsWhatItTook) {
  std::atomic<int> ran = 0;
  {
    std::promise<void> hold, held;
    HashPool pool(1, 2);
    ASSERT_TRUE(pool.submit([&] {
      held.set_value();
      hold.get_future().wait();
      ++ran;
    }));
    held.get_future().wait();
    EXPECT_TRUE(pool.submit([&] { ++ran; }));
    EXPECT_TRUE(pool.submit([&] { ++ran; }));
    EXPECT_FALSE(pool.submit([&] { ran += 100; }));
    hold.set_value();
  }
  EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace signaling::service
