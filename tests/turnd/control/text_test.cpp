#include "turnd/control/text.h"

#include <string>

#include <gtest/gtest.h>

namespace turnd::control {
namespace {

TEST(Text, FindsControlCharacters) {
  EXPECT_FALSE(has_control_characters("Jürgen 😀"));
  EXPECT_TRUE(has_control_characters(std::string_view("a\0b", 3)));
  EXPECT_TRUE(has_control_characters("a\x7F"));
  EXPECT_TRUE(has_control_characters("a\xC2\x85"));  // U+0085
  EXPECT_TRUE(has_control_characters("\xFF"));
}

TEST(Text, ShowsForeignTextOnOneHarmlessLine) {
  EXPECT_EQ(printable("a\r\n2026-01-01 ERROR fake"), "a\\r\\n2026-01-01 ERROR fake");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "evil"),
            "\\u{202e}evil");
  EXPECT_EQ(printable("\xE2\x80\xA8"), "\\u{2028}");
  EXPECT_EQ(printable("\xC2\x85"), "\\u{85}");
  EXPECT_EQ(printable("\xFF\xC3"), "\\xff\\xc3");
  EXPECT_EQ(printable("C:\\n"), "C:\\\\n");
  EXPECT_EQ(printable("1767225600:Zoë"), "1767225600:Zoë");
}

TEST(Text, CutsForeignTextAt256BytesAndNeverInsideACharacter) {
  EXPECT_EQ(printable(std::string(256, 'x')), std::string(256, 'x'));
  EXPECT_EQ(printable(std::string(257, 'x')), std::string(256, 'x') + "…");
  EXPECT_EQ(printable(std::string(255, 'x') + "é"), std::string(255, 'x') + "…");
}

}  // namespace
}  // namespace turnd::control
