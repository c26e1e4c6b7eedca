#include "turnd/auth/opaque_string.h"

#include <gtest/gtest.h>

#include <string>

namespace turnd::auth {
namespace {

TEST(OpaqueString, LeavesAsciiAlone_Rfc8265_s4_2) {
  EXPECT_EQ(opaque_string("correct horse battery staple"), "correct horse battery staple");
  EXPECT_EQ(opaque_string("1700000000:bob"), "1700000000:bob");
  EXPECT_EQ(opaque_string("~!@#$%^&*()_+ <>?\\|"), "~!@#$%^&*()_+ <>?\\|");
}

TEST(OpaqueString, KeepsCase_Rfc8265_s4_2_1) { EXPECT_EQ(opaque_string("\u00C9"), "\u00C9"); }

TEST(OpaqueString, AcceptsTheExamples_Rfc8265_s4_3) {
  for (const char* valid : {"Correct Horse Battery Staple", "\u03C0\u00DF\u00E5", "Jack of \u2666s", "f\u00BDoo"})
    EXPECT_EQ(opaque_string(valid), valid);
  EXPECT_EQ(opaque_string("foo\u1680bar"), "foo bar");  // OGHAM SPACE MARK becomes a space
  EXPECT_FALSE(opaque_string(""));
  EXPECT_FALSE(opaque_string("my cat is a \tby"));
}

TEST(OpaqueString, ComposesButKeepsCompatibilityForms_Rfc8265_s4_2_1) {
  EXPECT_EQ(opaque_string("cafe\u0301"), opaque_string("caf\u00E9"));
  EXPECT_EQ(opaque_string("\u2168"), "\u2168");  // ROMAN NUMERAL NINE is no "IX": NFC, not NFKC
}

TEST(OpaqueString, KeepsTheNameOfTheRfcsVector_Rfc8489_b_1) {
  EXPECT_EQ(opaque_string("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9"), "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9");
  // SASLprep would remove the soft hyphen (RFC 5769 s2.4); FreeformClass disallows it.
  EXPECT_FALSE(opaque_string("The\u00ADM\u00AAtr\u2168"));
}

TEST(OpaqueString, RefusesInvalidUtf8_TPrecis) {
  for (const char* bytes : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xFF", "\xE2\x82", "\x80"})
    EXPECT_FALSE(opaque_string(bytes));
}

TEST(OpaqueString, RefusesWhatFreeformClassDisallows_Rfc8264_s4_3) {
  EXPECT_FALSE(opaque_string("\uFEFFbob"));       // byte order mark
  EXPECT_FALSE(opaque_string("bob\u202Eadmin"));  // right-to-left override
  EXPECT_FALSE(opaque_string("bob\u200Bby"));     // zero width space
  EXPECT_FALSE(opaque_string("\u1100\u1161"));    // old Hangul jamo
  EXPECT_FALSE(opaque_string("\u0640"));          // exception: ARABIC TATWEEL
  EXPECT_FALSE(opaque_string("\u0378"));          // unassigned
  EXPECT_FALSE(opaque_string("\uFDD0"));          // noncharacter
  EXPECT_FALSE(opaque_string("\uE000"));          // private use
  EXPECT_FALSE(opaque_string(std::string("a\0b", 3)));
  EXPECT_FALSE(opaque_string("a\x7F"));
  EXPECT_FALSE(opaque_string("a\u0085"));
}

TEST(OpaqueString, AllowsJoinersOnlyWhereTheyJoin_Rfc5892_a_1) {
  EXPECT_TRUE(opaque_string("\u0915\u094D\u200D\u0937"));                                // after a virama
  EXPECT_TRUE(opaque_string("\u0646\u0627\u0645\u0647\u200C\u0627\u06CC").has_value());  // dual joining, then right
  EXPECT_FALSE(opaque_string("a\u200Cb"));
  EXPECT_FALSE(opaque_string("a\u200Db"));
  EXPECT_FALSE(opaque_string("\u200C"));
}

TEST(OpaqueString, AppliesTheOtherRulesOfContext_Rfc5892_a_3) {
  EXPECT_TRUE(opaque_string("l\u00B7l"));
  EXPECT_FALSE(opaque_string("a\u00B7l"));
  EXPECT_TRUE(opaque_string("\u0375\u03B1"));
  EXPECT_FALSE(opaque_string("\u0375a"));
  EXPECT_TRUE(opaque_string("\u05D0\u05F3"));
  EXPECT_FALSE(opaque_string("a\u05F4"));
  EXPECT_TRUE(opaque_string("\u30A2\u30FB\u30A2"));
  EXPECT_FALSE(opaque_string("a\u30FBb"));
  EXPECT_TRUE(opaque_string("\u0661\u0662"));
  EXPECT_TRUE(opaque_string("\u06F1\u06F2"));
  EXPECT_FALSE(opaque_string("\u0661\u06F2"));  // digits of two scripts
}

TEST(OpaqueString, PreparingTwiceChangesNothing_Rfc8264_s7) {
  for (const char* text : {"cafe\u0301", "a\u00A0b", "\u30DE\u30C8", "\u212B"}) {
    const auto once = opaque_string(text).value();
    EXPECT_EQ(opaque_string(once), once);
  }
}

}  // namespace
}  // namespace turnd::auth
