// The cursor that every decoder reads with.
#include "turnd/base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>

namespace turnd::base {
namespace {

constexpr std::array<std::uint8_t, 15> kBytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

TEST(ByteReader, ReadsNumbersInNetworkByteOrder) {
  ByteReader reader(kBytes);

  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607U);
  EXPECT_EQ(reader.u64(), 0x08090A0B0C0D0E0FU);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, BorrowsRunsOfBytesAndSkipsOthers) {
  ByteReader reader(kBytes);

  reader.skip(2);
  const ByteView taken = reader.bytes(3);

  EXPECT_EQ(taken.data(), kBytes.data() + 2);
  EXPECT_EQ(taken.size(), 3U);
  EXPECT_EQ(reader.rest().data(), kBytes.data() + 5);
}

TEST(ByteReader, StaysFailedAfterReadingPastTheEnd) {
  ByteReader reader(ByteView(kBytes).first(3));

  EXPECT_EQ(reader.u32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0U) << "the three bytes are there, but what they mean is unknown by now";
  EXPECT_TRUE(reader.bytes(1).empty());
  EXPECT_TRUE(reader.rest().empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, ReadsNothingFromNothing) {
  ByteReader reader({});

  EXPECT_TRUE(reader.bytes(0).empty());
  EXPECT_TRUE(reader.ok());
  reader.skip(1);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, SurvivesACountNearTheLargestNumber) {
  ByteReader reader(kBytes);

  EXPECT_TRUE(reader.bytes(SIZE_MAX).empty());
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace turnd::base
