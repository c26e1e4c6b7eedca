#include "turnd/auth/nonce.h"

#include <gtest/gtest.h>

#include <chrono>

namespace turnd::auth {
namespace {

using namespace std::chrono_literals;

const base::Endpoint kClient = base::Endpoint::parse("192.0.2.1:5000").value();
constexpr base::TimePoint kMade{1h};
constexpr base::Duration kLifetime = 600s;

class NonceTest : public ::testing::Test {
 protected:
  [[nodiscard]] NonceVerdict check(std::string_view nonce, const base::Endpoint& client = kClient,
                                   base::TimePoint now = kMade) const {
    return nonces_.check(nonce, client, kLifetime, now);
  }
  NonceFactory nonces_{{7, 7, 7}};
  std::string nonce_ = nonces_.make(kClient, {}, kMade);
};

TEST_F(NonceTest, BeginsWithTheCookieAndTheFeatures_Rfc8489_s9_2) {
  EXPECT_EQ(nonces_.make(kClient, {false, false}, kMade).substr(0, 13), "obMatJos2AAAA");
  EXPECT_EQ(nonces_.make(kClient, {true, false}, kMade).substr(0, 13), "obMatJos2gAAA");
  EXPECT_EQ(nonces_.make(kClient, {true, true}, kMade).substr(0, 13), "obMatJos2wAAA");
  EXPECT_LE(nonce_.size(), 128U);  // RFC 8489 s14.10: fewer than 128 characters
}

TEST_F(NonceTest, TellsItsFeatures_Rfc8489_s18_1) {
  for (const SecurityFeatures features : {SecurityFeatures{false, false}, {false, true}, {true, false}, {true, true}})
    EXPECT_EQ(features_of(nonces_.make(kClient, features, kMade)), features);
  EXPECT_EQ(features_of("of another server"), (SecurityFeatures{false, false}));
  EXPECT_EQ(features_of("obMatJos2***"), (SecurityFeatures{false, false}));
}

TEST_F(NonceTest, DependsOnEveryOctetOfTheKey_TNonce) {
  for (std::size_t i = 0; i < NonceKey().size(); ++i) {
    NonceKey other{7, 7, 7};
    other[i] ^= 1;
    EXPECT_EQ(NonceFactory(other).check(nonce_, kClient, kLifetime, kMade), NonceVerdict::forged) << i;
  }
}

TEST_F(NonceTest, IsFreshForItsLifetime_TNonce) {
  EXPECT_EQ(check(nonce_), NonceVerdict::fresh);
  EXPECT_EQ(check(nonce_, kClient, kMade + kLifetime), NonceVerdict::fresh);
  EXPECT_EQ(check(nonce_, kClient, kMade + kLifetime + 1ns), NonceVerdict::stale);
}

TEST_F(NonceTest, FromTheFutureIsStale) {
  // A reboot starts the monotonic clock again; the key stayed on disk.
  EXPECT_EQ(check(nonce_, kClient, kMade - 1ns), NonceVerdict::stale);
}

TEST_F(NonceTest, IsBoundToAddressAndPort_TNonce) {
  for (const char* other : {"192.0.2.1:5001", "192.0.2.2:5000", "[2001:db8::1]:5000", "[::ffff:192.0.2.1]:5000"})
    EXPECT_EQ(check(nonce_, base::Endpoint::parse(other).value()), NonceVerdict::forged) << other;
}

TEST_F(NonceTest, AnyChangedBitIsForged_TNonce) {
  for (std::size_t bit = 0; bit < nonce_.size() * 8; ++bit) {
    std::string changed = nonce_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(check(changed), NonceVerdict::forged) << "bit " << bit;
  }
}

TEST_F(NonceTest, AnyOtherLengthIsForged) {
  for (std::size_t size = 0; size < nonce_.size(); ++size)
    EXPECT_EQ(check(std::string_view(nonce_).substr(0, size)), NonceVerdict::forged) << size;
  EXPECT_EQ(check(nonce_ + "AAAA"), NonceVerdict::forged);
}

TEST_F(NonceTest, OfAnotherKeyIsForged) {
  EXPECT_EQ(check(NonceFactory({8, 8, 8}).make(kClient, {}, kMade)), NonceVerdict::forged);
}

}  // namespace
}  // namespace turnd::auth
