#include "signaling/protocol/name_key.h"

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

TEST(NameKeyTest, TakesCaseAndFormForNoDifference) {
  EXPECT_EQ(name_key("Anna_B"), "anna_b");
  EXPECT_EQ(name_key("\xC3\x84NNA"), name_key("\xC3\xA4nna"));   // with A umlaut
  EXPECT_EQ(name_key("A\xCC\x88nna"), name_key("\xC3\x84nna"));  // composed or not
  EXPECT_EQ(name_key("STRASSE"), name_key("Stra\xC3\x9F"
                                          "e"));    // sharp s
  EXPECT_EQ(name_key("\xEF\xBC\xA1nna"), "anna");   // full width
  EXPECT_EQ(name_key("an\xE2\x80\x8Bna"), "anna");  // a space that nobody sees
  EXPECT_EQ(name_key("\xCE\xA3\xCE\xAF\xCE\xB3\xCE\xBC\xCE\xB1"), name_key("\xCF\x83\xCE\xAF\xCE\xB3\xCE\xBC\xCE\xB1"));
}

TEST(NameKeyTest, KeepsDifferentNamesApart) {
  EXPECT_NE(name_key("anna"), name_key("\xC3\xA4nna"));
  EXPECT_NE(name_key("anna"), name_key("hanna"));
  EXPECT_EQ(name_key(""), "");
}

}  // namespace
}  // namespace signaling::protocol
