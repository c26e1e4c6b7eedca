// MailWorker: the thread that sends what waits in the outbox, one mail after the other.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "signaling/mail/smtp_client.h"
#include "signaling/service/mail_outbox.h"
#include "signaling/store/database.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

struct MailWorkerSettings {
  std::optional<mail::SmtpSettings> smtp;  // none: mails wait, and the log says so
  std::function<WallTime()> wall_clock;
  turnd::base::RandomSource random;
  // From the worker's thread. Never an address or a text.
  std::function<void(std::string_view)> log;
};

// Must be stopped before the database goes. What was not sent then is sent after a restart.
class MailWorker {
 public:
  MailWorker(store::Database& database, MailWorkerSettings settings);
  ~MailWorker();
  MailWorker(const MailWorker&) = delete;
  MailWorker& operator=(const MailWorker&) = delete;

  // There is something due: Effects::mail_queued. Any thread, also after stop().
  void wake();
  // Within a second or so. Not on a storage thread.
  void stop();

 private:
  void run();
  void wait_for_work();
  // False: nothing is due.
  bool send_one();
  void report_waiting();

  store::Database& database_;
  const MailWorkerSettings settings_;
  std::optional<mail::SmtpClient> client_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace signaling::service
