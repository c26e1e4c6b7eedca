// MailSender: hands the mails of the outbox to the operator's mail server.
#pragma once

#include <string_view>
#include <utility>

#include "signaling/mail/message.h"
#include "signaling/mail/smtp_client.h"
#include "signaling/service/outbox_worker.h"

namespace signaling::service {

// What queue_mail() wrote.
[[nodiscard]] mail::Message to_message(const OutboxRow& row);

class MailSender final : public OutboxSender {
 public:
  explicit MailSender(mail::SmtpSettings settings) : client_(std::move(settings)) {}

  [[nodiscard]] std::string_view kind() const override { return kMailKind; }
  [[nodiscard]] std::string_view name() const override { return "a mail"; }
  [[nodiscard]] turnd::base::Result<Settled, SendError> send(const OutboxRow& row, WallTime now) override;
  void cancel() override { client_.cancel(); }

 private:
  mail::SmtpClient client_;
};

}  // namespace signaling::service
