// The CRC behind FINGERPRINT, against the definition done bit by bit.
#include "turnd/stun/fingerprint.h"

#include <gtest/gtest.h>

#include "tests/turnd/stun/random_values.h"

namespace turnd::stun {
namespace {

constexpr std::uint32_t kXor = 0x5354554E;

std::uint32_t bit_by_bit(base::ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes)
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool one = ((crc ^ byte >> bit) & 1) != 0;
      crc = one ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    }
  return ~crc;
}

TEST(Fingerprint, HasTheCheckValueOfItsCrc_Rfc8489_s14_7) {
  EXPECT_EQ(fingerprint_of(base::as_bytes("123456789")) ^ kXor, 0xCBF43926U);
  EXPECT_EQ(fingerprint_of({}) ^ kXor, 0U);
}

TEST(Fingerprint, IsTheSameAtEveryLengthAndAlignment) {
  RandomValues random;
  const base::Bytes bytes = random.bytes(160);
  for (std::size_t offset = 0; offset < 8; ++offset)
    for (std::size_t size = 0; size <= 150; ++size) {
      const base::ByteView part = base::ByteView(bytes).subspan(offset, size);
      ASSERT_EQ(fingerprint_of(part) ^ kXor, bit_by_bit(part)) << offset << " " << size;
    }
}

}  // namespace
}  // namespace turnd::stun
