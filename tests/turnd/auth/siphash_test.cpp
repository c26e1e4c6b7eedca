#include "turnd/auth/siphash.h"

#include <gtest/gtest.h>

#include <numeric>

namespace turnd::auth {
namespace {

// The authors' vectors: the key is 00 01 .. 0f, the text 00 01 .. as long as it is.
TEST(SipHash, GivesTheAuthorsVectors) {
  constexpr SipKey key{0x0706050403020100, 0x0F0E0D0C0B0A0908};
  base::Bytes text(15);
  std::iota(text.begin(), text.end(), std::uint8_t{0});
  const base::ByteView all(text);

  EXPECT_EQ(siphash(key, {}), 0x726FDB47DD0E0E31);
  EXPECT_EQ(siphash(key, all.first(1)), 0x74F839C593DC67FD);
  EXPECT_EQ(siphash(key, all.first(7)), 0xAB0200F58B01D137);
  EXPECT_EQ(siphash(key, all.first(8)), 0x93F5F5799A932462);
  EXPECT_EQ(siphash(key, all), 0xA129CA6149BE45E5);
}

}  // namespace
}  // namespace turnd::auth
