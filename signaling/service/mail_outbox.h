// MailOutbox: the mails that wait in the database: which is due, and what becomes of it (M27).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/mail/message.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct QueuedMail {
  std::int64_t id = 0;
  mail::Message message;
  std::string message_id;  // the same at every try
  WallTime created_at;
};

enum class MailFate : std::uint8_t { tried_again, given_up };

// The oldest that is due.
[[nodiscard]] std::optional<QueuedMail> next_mail(store::Connection& db, WallTime now);
// When the next one is due; empty: none waits.
[[nodiscard]] std::optional<WallTime> next_mail_due(store::Connection& db);
[[nodiscard]] std::int64_t mails_waiting(store::Connection& db);

// Its text goes: it holds tokens, and has done its work.
void mail_delivered(store::Connection& db, std::int64_t id, WallTime now);
// `random` spreads the tries.
MailFate mail_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now, std::uint32_t random);

}  // namespace signaling::service
