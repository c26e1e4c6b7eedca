#include "signaling/mail/header_text.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/mail/mailbox.h"
#include "signaling/mail/message.h"

namespace signaling::mail {
namespace {

using testing::Each;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;

Origin origin() {
  return {.from = {"Meetings", "noreply@example.org"},
          .message_id = "outbox-7",
          .date = turnd::base::WallTime(std::chrono::seconds(1'796'026'778))};
}

TEST(HeaderText, LeavesPlainAsciiAlone) { EXPECT_EQ(header_text("Weekly meeting"), "Weekly meeting"); }

TEST(HeaderText, MakesNoNewLineOfCrLf_M19) {
  EXPECT_EQ(header_text("Hi\r\nBcc: eve@example.net"), "Hi  Bcc: eve@example.net");
  EXPECT_EQ(one_line(std::string("a\0b\x7F"
                                 "c",
                                 5)),
            "a b c");
}

TEST(HeaderText, EncodesOtherAlphabets_Rfc2047_s2) { EXPECT_EQ(header_text("Grüße"), "=?UTF-8?B?R3LDvMOfZQ==?="); }

TEST(HeaderText, EncodesWhatLooksLikeAnEncodedWord) {
  EXPECT_EQ(header_text("=?UTF-8?B?QQ==?="), "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=");
}

TEST(HeaderText, FoldsLongTextsBetweenCharacters_Rfc2047_s5) {
  std::string title;
  for (int i = 0; i < 200; ++i) title += "ü";
  std::istringstream lines(header_text(title));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 77u);
    // 22 letters of two bytes each: 44 bytes, 60 characters of base64.
    EXPECT_THAT(line, HasSubstr("=?UTF-8?B?w7"));
  }
  EXPECT_EQ(count, 10);
}

TEST(Mailbox, KnowsAddresses) {
  for (const char* good : {"a@b", "ann.lee+x@example.org", "o'neill@example.org"})
    EXPECT_TRUE(is_address(good)) << good;
  for (const char* bad :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b>\r\nRCPT TO:<c@d", "a@b\n", "a,c@d", "-x@y", "gr\xC3\xBC@d"}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
  EXPECT_FALSE(is_address(std::string(250, 'a') + "@b.cd"));
}

TEST(Mailbox, IsReadFromTheConfiguration_C3) {
  EXPECT_EQ(parse_mailbox("noreply@example.org"), (Mailbox{"", "noreply@example.org"}));
  EXPECT_EQ(parse_mailbox("\"My meetings\" <noreply@example.org>"), (Mailbox{"My meetings", "noreply@example.org"}));
  EXPECT_EQ(parse_mailbox("nobody"), std::nullopt);
  EXPECT_EQ(parse_mailbox("A <a@b> c"), std::nullopt);
}

TEST(Mailbox, QuotesTheName) {
  EXPECT_EQ(header_value({"Ann \"x\" <Lee>, Bob", "a@b"}), "\"Ann \\\"x\\\" <Lee>, Bob\" <a@b>");
  EXPECT_EQ(header_value({"Ann\r\nBcc: e@f", "a@b"}), "\"Ann  Bcc: e@f\" <a@b>");
  EXPECT_EQ(header_value({"", "a@b"}), "a@b");
}

TEST(Message, WritesItsHeader) {
  Message message{.to = {"Ann", "ann@example.org"}, .subject = "Hello", .text = {}, .calendar = {}};
  EXPECT_THAT(header_lines(message, origin()),
              testing::ElementsAre("Date: Mon, 30 Nov 2026 08:19:38 +0000", "From: \"Meetings\" <noreply@example.org>",
                                   "To: \"Ann\" <ann@example.org>", "Subject: Hello",
                                   "Message-ID: <outbox-7@example.org>", "Auto-Submitted: auto-generated"));
}

TEST(Message, HasTheSameHeaderLinesWhateverTheTitleHolds_M19) {
  Message message{
      .to = {"X\nBcc: e@f", "ann@example.org"}, .subject = "A\r\nBcc: e@f\r\n\r\nbody", .text = {}, .calendar = {}};
  const auto lines = header_lines(message, origin());
  EXPECT_EQ(lines.size(), 6u);
  EXPECT_THAT(lines, Each(Not(HasSubstr("\n"))));
}

}  // namespace
}  // namespace signaling::mail
