// The cursor that every encoder writes with.
#include "turnd/base/byte_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "turnd/base/hex.h"

namespace turnd::base {
namespace {

using ::testing::Each;

TEST(ByteWriter, WritesNumbersInNetworkByteOrder) {
  std::array<std::uint8_t, 20> buffer{};
  ByteWriter writer(buffer);

  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.u64(0x08090A0B0C0D0E0F);

  EXPECT_EQ(to_hex(writer.written()), "0102030405060708090a0b0c0d0e0f");
  EXPECT_TRUE(writer.ok());
}

TEST(ByteWriter, WritesZerosOverWhatWasThere) {
  std::array<std::uint8_t, 4> buffer{9, 9, 9, 9};
  ByteWriter writer(buffer);

  writer.zeros(3);

  EXPECT_EQ(buffer, (std::array<std::uint8_t, 4>{0, 0, 0, 9}));
}

TEST(ByteWriter, FillsItsBufferToTheLastByte) {
  std::array<std::uint8_t, 4> buffer{};
  ByteWriter writer(buffer);

  writer.u32(0xFFFFFFFF);

  EXPECT_TRUE(writer.ok());
  EXPECT_THAT(buffer, Each(0xFF));
}

TEST(ByteWriter, WritesNoByteOfWhatDoesNotFitAndNothingAfterIt) {
  std::array<std::uint8_t, 6> buffer{};
  ByteWriter writer(MutableBytes(buffer).first(3));

  writer.u16(0x0102);
  writer.bytes(as_bytes("too much"));
  writer.u8(0x03);

  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.size(), 2U);
  EXPECT_EQ(buffer, (std::array<std::uint8_t, 6>{1, 2, 0, 0, 0, 0}));
}

TEST(ByteWriter, PatchesALengthThatIsKnownLater) {
  std::array<std::uint8_t, 8> buffer{};
  ByteWriter writer(buffer);

  writer.u32(0);
  writer.patch_u16(2, 0xBEEF);

  EXPECT_EQ(to_hex(writer.written()), "0000beef");
}

TEST(ByteWriter, RefusesToPatchWhatItHasNotWritten) {
  std::array<std::uint8_t, 8> buffer{};
  ByteWriter writer(buffer);

  writer.u16(0);
  writer.patch_u16(1, 0xBEEF);

  EXPECT_FALSE(writer.ok());
  EXPECT_THAT(buffer, Each(0));
}

}  // namespace
}  // namespace turnd::base
