#include "signaling/service/mail_worker.h"

#include <string>

#include "signaling/service/mail_sender.h"

namespace signaling::service {

MailWorker::MailWorker(store::Database& database, const MailWorkerSettings& settings)
    : database_(database), log_(settings.around.log) {
  if (settings.smtp)
    worker_ = std::make_unique<OutboxWorker>(database, std::make_unique<MailSender>(*settings.smtp), settings.around);
  else
    report_waiting();
}

void MailWorker::wake() {
  if (worker_)
    worker_->wake();
  else
    report_waiting();
}

void MailWorker::stop() {
  if (worker_) worker_->stop();
}

void MailWorker::report_waiting() {
  database_.read([](store::Connection& db) { return rows_waiting(db, kMailKind); },
                 [log = log_](const store::Stored<std::int64_t>& waiting) {
                   if (!waiting || *waiting == 0) return;
                   log("no smtp is configured: " + std::to_string(*waiting) +
                       " mails wait in the database; what they say is shown in the application");
                 });
}

}  // namespace signaling::service
