// Hexadecimal, as it stands in files and in the API.
#include "turnd/base/hex.h"

#include <gtest/gtest.h>

namespace turnd::base {
namespace {

TEST(Hex, TakesBackWhatItWrites) {
  Bytes every;
  for (int value = 0; value < 256; ++value) every.push_back(static_cast<std::uint8_t>(value));

  EXPECT_EQ(from_hex(to_hex(every)), every);
}

TEST(Hex, WritesLowerCaseAndReadsEither) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xAB, 0xF9}), "00abf9");
  EXPECT_EQ(from_hex("00aBf9"), (Bytes{0x00, 0xAB, 0xF9}));
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, RefusesHalfAByteAndForeignCharacters) {
  for (const std::string_view text : {"0", "abc", "0g", "g0", " 00", "0x00", "00 ", "-1", "/0", ":0", "@0", "`0"})
    EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace turnd::base
