// The outbox: mail is queued in the transaction that causes it, and sent after the commit by whoever works the queue
// off.
#pragma once

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

}  // namespace signaling::service
