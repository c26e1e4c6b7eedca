#include "signaling/service/outbox.h"

#include "signaling/service/mail_sender.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

using store::kToday;

TEST(MailSenderTest, ReadsWhatWasQueued_M19) {
  store::MemoryDatabase db;
  Effects effects;
  queue_mail(db, {.to = "a@b", .subject = "s", .text = "t", .calendar = "BEGIN", .calendar_method = "REQUEST"}, {},
             kToday, effects);

  const mail::Message mail = to_message(*next_row(db, kMailKind, kToday));

  EXPECT_EQ(mail.to.address, "a@b");
  EXPECT_EQ(mail.subject, "s");
  EXPECT_EQ(mail.text, "t");
  EXPECT_EQ(mail.calendar, (mail::CalendarPart{"REQUEST", "meeting.ics", "BEGIN"}));
}

TEST(OutboxTest, AMailIsQueuedOnceForItsKey) {
  store::MemoryDatabase db;
  Effects first, second;
  const Mail mail{.to = "a@example.org", .subject = "Hello\r\nBcc: b@example.org", .text = "x"};

  EXPECT_TRUE(queue_mail(db, mail, "k", kToday, first));
  EXPECT_FALSE(queue_mail(db, mail, "k", kToday, second));

  EXPECT_TRUE(first.mail_queued);
  EXPECT_FALSE(second.mail_queued);
  EXPECT_EQ(db.value<std::string>("SELECT json_extract(payload, '$.subject') FROM outbox"), mail.subject);
  EXPECT_EQ(db.value<WallTime>("SELECT due_at FROM outbox"), kToday);
}

TEST(OutboxTest, MailsWithoutAKeyAreAllQueued) {
  store::MemoryDatabase db;
  Effects effects;
  for (int i = 0; i < 2; ++i) queue_mail(db, {.to = "a@example.org", .subject = "s", .text = "t"}, {}, kToday, effects);
  EXPECT_EQ(db.value<int>("SELECT count(*) FROM outbox WHERE done_at IS NULL"), 2);
}

}  // namespace
}  // namespace signaling::service
