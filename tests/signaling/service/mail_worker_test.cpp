#include "signaling/service/mail_worker.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

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
    made.around.wall_clock = [] {
      return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
    };
    made.around.random = turnd::crypto::system_random;
    made.around.log = [this](std::string_view line) {
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
    return write_and_wait(database, [](store::Connection& db) { return rows_waiting(db, kMailKind); });
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

  std::mutex mutex;
  std::condition_variable changed;
  std::string log;
  store::TemporaryFolder folder;
  store::Database database{{.path = folder.file("signald.db")}, store::main_schema()};
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
  ASSERT_THAT(sink.mails(), SizeIs(1));
  EXPECT_THAT(sink.mails()[0].data, HasSubstr("Message-ID: <outbox-1-"));  // of the row, so the same at every try
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
