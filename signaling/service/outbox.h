// The outbox: mail is queued in the transaction that causes it, and sent after the commit by whoever works the queue
// off.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "signaling/service/effects.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct Mail {
  std::string to;  // one address
  std::string subject;
  std::string text;
  std::string calendar = {};         // text/calendar body; empty: none
  std::string calendar_method = {};  // REQUEST, CANCEL
};

// Payload of the row, kind 'email': {to, subject, text, calendar?, calendar_method?}. A mail whose key is there
// already, sent or not, is not queued again. False then.
bool queue_mail(store::Connection& db, const Mail& mail, const std::optional<std::string>& dedupe_key, WallTime now,
                Effects& effects);

// How many of each kind (email, webhook, amqp) wait to be sent; kinds of which none waits are left out.
[[nodiscard]] std::map<std::string, std::int64_t> pending_in_outbox(store::Connection& db);

}  // namespace signaling::service
