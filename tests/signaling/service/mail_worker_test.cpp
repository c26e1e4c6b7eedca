#include "signaling/service/mail_worker.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service/outbox.h"
#include "tests/signaling/mail/smtp_sink.h"
#include "tests/signaling/store/memory_database.h"
#include "turnd/crypto/random.h"

namespace signaling::service {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class MailOutboxTest : public ::testing::Test {
 protected:
  void queue(const std::string& to, const std::string& key) {
    queue_mail(db, {.to = to, .subject = "Hi", .text = "the token is 123"}, key, now, effects);
  }

  store::MemoryDatabase db;
  Effects effects;
  WallTime now = store::kToday;
};

TEST_F(MailOutboxTest, GivesTheOldestThatIsDue) {
  EXPECT_EQ(next_mail(db, now), std::nullopt);
  EXPECT_EQ(next_mail_due(db), std::nullopt);
  queue("a@example.org", "1");
  queue("b@example.org", "2");
  EXPECT_EQ(next_mail(db, now)->message.to.address, "a@example.org");
  EXPECT_EQ(next_mail(db, now - 1s), std::nullopt);
  EXPECT_EQ(next_mail_due(db), now);
  EXPECT_EQ(mails_waiting(db), 2);
}

TEST_F(MailOutboxTest, GivesTheCalendarToo_M19) {
  queue_mail(db, {.to = "a@b", .subject = "s", .text = "t", .calendar = "BEGIN", .calendar_method = "REQUEST"}, {}, now,
             effects);
  const auto mail = next_mail(db, now)->message;
  EXPECT_EQ(mail.calendar, (mail::CalendarPart{"REQUEST", "meeting.ics", "BEGIN"}));
}

TEST_F(MailOutboxTest, IsDoneWithAMailOnce_M27) {
  queue("a@example.org", "1");
  mail_delivered(db, next_mail(db, now)->id, now);
  EXPECT_EQ(next_mail(db, now + 24h), std::nullopt);
  queue("a@example.org", "1");
  EXPECT_EQ(next_mail(db, now + 24h), std::nullopt);
  EXPECT_THAT(*db.value<std::string>("SELECT payload FROM outbox"), Not(HasSubstr("token")));
}

TEST_F(MailOutboxTest, TriesAgainLaterAndLaterAndGivesUpAfterThreeDays_M27) {
  queue("a@example.org", "1");
  const auto id = next_mail(db, now)->id;
  const std::string message_id = next_mail(db, now)->message_id;
  std::vector<std::chrono::milliseconds> delays;
  int tries = 0;
  WallTime at = now;
  while (mail_failed(db, id, "451", at, 100) == MailFate::tried_again) {
    const WallTime due = *next_mail_due(db);
    delays.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(due - at));
    EXPECT_EQ(next_mail(db, due - 1ms), std::nullopt);
    EXPECT_EQ(next_mail(db, due)->message_id, message_id);
    at = due;
    ++tries;
    ASSERT_LT(tries, 1000);
  }
  EXPECT_EQ(delays.at(0), 1s);
  EXPECT_EQ(delays.at(1), 2s);
  EXPECT_EQ(delays.at(9), 512s);
  EXPECT_EQ(delays.at(20), 15min);
  EXPECT_GT(at - now, 71h);
  EXPECT_LE(at - now, 72h);
  EXPECT_EQ(next_mail(db, at + 24h * 365), std::nullopt);
}

class MailWorkerTest : public ::testing::Test {
 protected:
  MailWorkerSettings settings(std::optional<std::uint16_t> port) {
    MailWorkerSettings made;
    if (port) {
      made.smtp.emplace();
      made.smtp->host = "127.0.0.1";
      made.smtp->port = *port;
      made.smtp->from = {"", "noreply@example.org"};
      made.smtp->tls = mail::SmtpTls::none;
      made.smtp->timeout = 5s;
    }
    made.wall_clock = [] { return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now()); };
    made.random = turnd::crypto::system_random;
    made.log = [this](std::string_view line) {
      std::lock_guard lock(mutex);
      log += std::string(line) + "\n";
      changed.notify_all();
    };
    return made;
  }
  void queue(const std::string& to) {
    write_and_wait(database, [&to](store::Connection& db) {
      Effects effects;
      return queue_mail(db, {.to = to, .subject = "Hi", .text = "text"}, to, store::kToday + 24h * 365 * 100, effects),
             db.execute("UPDATE outbox SET due_at = 0 WHERE attempts = 0");
    });
  }
  std::int64_t waiting() {
    return write_and_wait(database, [](store::Connection& db) { return mails_waiting(db); });
  }
  bool logged(const std::string& text) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 10s, [&] { return log.find(text) != std::string::npos; });
  }
  // Polls, because the other end is a mail server on a thread of its own.
  bool emptied() {
    for (int i = 0; i < 500 && waiting() > 0; ++i) {
      std::unique_lock lock(mutex);
      changed.wait_for(lock, 20ms);
    }
    return waiting() == 0;
  }

  store::TemporaryFolder folder;
  store::Database database{{.path = folder.file()}, store::main_schema()};
  std::mutex mutex;
  std::condition_variable changed;
  std::string log;
};

TEST_F(MailWorkerTest, SendsWhatWaitsAndWhatComesLater_M27) {
  mail::SmtpSink sink;
  queue("a@example.org");
  MailWorker worker(database, settings(sink.port()));
  EXPECT_TRUE(emptied());
  queue("b@example.org");
  worker.wake();
  EXPECT_TRUE(emptied());
  EXPECT_THAT(sink.mails(), SizeIs(2));
}

TEST_F(MailWorkerTest, SendsAMailOnceThoughItsServerRefusedItAtFirst_M27) {
  mail::SmtpSink sink(1);
  queue("a@example.org");
  MailWorker worker(database, settings(sink.port()));
  EXPECT_TRUE(logged("is tried again"));
  EXPECT_TRUE(emptied());
  EXPECT_THAT(sink.mails(), SizeIs(1));
  EXPECT_THAT(log, Not(HasSubstr("example.org")));
}

TEST_F(MailWorkerTest, KeepsMailsOverARestart_M27) {
  queue("a@example.org");
  { MailWorker without(database, settings(std::nullopt)); }
  mail::SmtpSink sink;
  MailWorker worker(database, settings(sink.port()));
  EXPECT_TRUE(emptied());
  EXPECT_THAT(sink.mails(), SizeIs(1));
}

TEST_F(MailWorkerTest, SaysThatMailsWaitWithoutSmtp) {
  queue("a@example.org");
  MailWorker worker(database, settings(std::nullopt));
  EXPECT_TRUE(logged("no smtp is configured: 1 mails wait"));
  EXPECT_EQ(waiting(), 1);
  EXPECT_THAT(log, Not(HasSubstr("example.org")));
}

}  // namespace
}  // namespace signaling::service
