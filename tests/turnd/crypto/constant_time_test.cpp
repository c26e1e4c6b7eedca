// Comparison of secrets.
#include "turnd/crypto/constant_time.h"

#include <gtest/gtest.h>

namespace turnd::crypto {
namespace {

TEST(ConstantTimeEqual, FindsADifferenceAtEveryBit) {
  const base::Bytes secret(20, 0x5A);
  for (std::size_t bit = 0; bit < secret.size() * 8; ++bit) {
    base::Bytes other = secret;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ 1U << bit % 8);
    EXPECT_FALSE(constant_time_equal(secret, other)) << bit;
  }
  EXPECT_TRUE(constant_time_equal(secret, base::Bytes(20, 0x5A)));
}

TEST(ConstantTimeEqual, TellsAPrefixFromTheWhole) {
  const base::Bytes secret(20, 0x5A);

  EXPECT_FALSE(constant_time_equal(secret, base::ByteView(secret).first(19)));
  EXPECT_FALSE(constant_time_equal({}, secret));
  EXPECT_TRUE(constant_time_equal({}, {}));
}

}  // namespace
}  // namespace turnd::crypto
