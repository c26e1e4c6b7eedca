// One-time tokens that travel by mail: to verify an address, and to set a new password.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signaling/service/effects.h"
#include "signaling/service/tokens.h"
#include "signaling/service/user.h"

namespace signaling::service {

enum class MailToken : std::uint8_t { verify, reset };

struct MailSettings {
  bool enabled = false;    // smtp is configured
  std::string public_url;  // links start with it, never with what a request says (W-HOSTH)
};

// Lives 24 hours to verify, 30 minutes to reset, and then only as the newest one (A14). Nothing without mail.
void send_mail_token(store::Connection& db, MailToken kind, const User& user, const Tokens& tokens,
                     const MailSettings& settings, WallTime now, Effects& effects);

// The account a token is for, when it can still be used and the account's address is the one it was sent to.
[[nodiscard]] std::optional<User> find_by_mail_token(store::Connection& db, MailToken kind, std::string_view token,
                                                     WallTime now);
void use_mail_token(store::Connection& db, std::string_view token, WallTime now);

}  // namespace signaling::service
