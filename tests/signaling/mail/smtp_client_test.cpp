#include "signaling/mail/smtp_client.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/mail/smtp_sink.h"

namespace signaling::mail {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

SmtpSettings settings(const SmtpSink& sink) {
  SmtpSettings made;
  made.host = "127.0.0.1";
  made.port = sink.port();
  made.from = {"Meetings", "noreply@example.org"};
  made.tls = SmtpTls::none;
  made.timeout = std::chrono::seconds(10);
  return made;
}

Message invitation() {
  return {.to = {"Ann", "ann@example.org"},
          .subject = "Invitation: Grüße",
          .text = "Come to the meeting.\n.\nÜber uns",
          .calendar = CalendarPart{"REQUEST", "invite.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}};
}

Origin origin(const SmtpSettings& settings) { return {settings.from, "outbox-7", turnd::base::WallTime()}; }

TEST(SmtpClient, DeliversTextAndCalendar_M19) {
  SmtpSink sink;
  const SmtpClient client(settings(sink));

  const auto sent = client.send(invitation(), origin(client.settings()));

  ASSERT_TRUE(sent.has_value()) << sent.error().why;
  const auto mails = sink.mails();
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_THAT(mails[0].sender, HasSubstr("<noreply@example.org>"));
  EXPECT_THAT(mails[0].recipient, HasSubstr("<ann@example.org>"));
  EXPECT_THAT(mails[0].data, HasSubstr("Subject: =?UTF-8?B?"));
  EXPECT_THAT(mails[0].data, HasSubstr("text/calendar; charset=utf-8; method=REQUEST"));
  EXPECT_THAT(mails[0].data, HasSubstr("filename=\"invite.ics\""));
  EXPECT_THAT(mails[0].data, HasSubstr("\r\n=C3=9Cber uns\r\n"));
  EXPECT_THAT(mails[0].data, HasSubstr("Mime-Version: 1.0"));
}

TEST(SmtpClient, AddsNoHeaderForALineBreakInATitle_M19) {
  SmtpSink sink;
  const SmtpClient client(settings(sink));
  Message hostile = invitation();
  hostile.subject = "x\r\nBcc: eve@example.net";
  hostile.to.name = "Ann\r\nX-Evil: 1";

  ASSERT_TRUE(client.send(hostile, origin(client.settings())).has_value());

  const std::string data = sink.mails().at(0).data;
  EXPECT_THAT(data, Not(HasSubstr("\nBcc:")));
  EXPECT_THAT(data, Not(HasSubstr("\nX-Evil:")));
}

TEST(SmtpClient, FoldsALongTitle) {
  SmtpSink sink;
  const SmtpClient client(settings(sink));
  Message message = invitation();
  message.subject.clear();
  for (int i = 0; i < 200; ++i) message.subject += "ü";

  ASSERT_TRUE(client.send(message, origin(client.settings())).has_value());

  EXPECT_THAT(sink.mails().at(0).data, HasSubstr("?=\r\n =?UTF-8?B?"));
}

TEST(SmtpClient, SendsNothingToWhatIsNoAddress) {
  SmtpSink sink;
  const SmtpClient client(settings(sink));
  Message message = invitation();
  message.to.address = "a@b>\r\nRCPT TO:<c@d";

  EXPECT_FALSE(client.send(message, origin(client.settings())).has_value());
  EXPECT_THAT(sink.commands(), IsEmpty());
}

TEST(SmtpClient, SaysThatTheServerRefused) {
  SmtpSink sink(1);
  const SmtpClient client(settings(sink));

  const auto sent = client.send(invitation(), origin(client.settings()));

  ASSERT_FALSE(sent.has_value());
  EXPECT_THAT(sent.error().why, HasSubstr("451"));
  EXPECT_THAT(sent.error().why, Not(HasSubstr("ann@example.org")));
}

TEST(SmtpClient, LogsIn_C3) {
  SmtpSink sink;
  SmtpSettings with_user = settings(sink);
  with_user.user = "mailer";
  with_user.password = turnd::base::Secret("secret");
  const SmtpClient client(with_user);

  ASSERT_TRUE(client.send(invitation(), origin(with_user)).has_value());
  EXPECT_THAT(sink.commands(), HasSubstr("AUTH PLAIN"));
}

TEST(SmtpClient, SendsNothingWithoutTheTlsItShallUse_C3) {
  for (const SmtpTls tls : {SmtpTls::starttls, SmtpTls::always}) {
    SmtpSink sink;
    SmtpSettings secure = settings(sink);
    secure.tls = tls;
    secure.timeout = std::chrono::seconds(2);
    const SmtpClient client(secure);

    EXPECT_FALSE(client.send(invitation(), origin(secure)).has_value());
    EXPECT_THAT(sink.commands(), Not(HasSubstr("MAIL FROM")));
  }
}

TEST(SmtpClient, FailsWhereNobodyListens) {
  SmtpSettings settings;
  {
    SmtpSink gone;
    settings.port = gone.port();
  }
  settings.host = "127.0.0.1";
  settings.from = {"", "noreply@example.org"};
  settings.tls = SmtpTls::none;
  const SmtpClient client(settings);

  EXPECT_FALSE(client.send(invitation(), origin(settings)).has_value());
}

}  // namespace
}  // namespace signaling::mail
