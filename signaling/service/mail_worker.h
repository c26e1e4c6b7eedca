// MailWorker: sends the mails of the outbox; without a mail server they wait there, and the log says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "signaling/mail/smtp_client.h"
#include "signaling/service/outbox_worker.h"
#include "signaling/store/database.h"

namespace signaling::service {

struct MailWorkerSettings {
  std::optional<mail::SmtpSettings> smtp;  // none: mails wait
  OutboxSurroundings around;
};

// Must be stopped before the database goes.
class MailWorker {
 public:
  MailWorker(store::Database& database, const MailWorkerSettings& settings);

  // There is something due: Effects::mail_queued. Any thread, while the database is there.
  void wake();
  // Within a second or so. Not on a storage thread.
  void stop();

 private:
  void report_waiting();

  store::Database& database_;
  const std::function<void(std::string_view)> log_;
  std::unique_ptr<OutboxWorker> worker_;  // null without a mail server
};

}  // namespace signaling::service
