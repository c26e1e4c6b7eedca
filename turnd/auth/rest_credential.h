// Ephemeral credentials: username "<unix time>:<user>" or "<unix time>", password base64(HMAC-SHA1(secret, username)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"
#include "turnd/base/secret.h"

namespace turnd::auth {

struct RestUsername {
  base::WallTime expires;
  std::string_view user;  // what follows the first colon; of a bare timestamp the whole name
};

// nullopt: not of that form (no digits, a sign, white space, out of range): then it is a plain user name.
[[nodiscard]] std::optional<RestUsername> parse_rest_username(std::string_view username);

struct RestCredential {
  std::string username;
  std::string password;
};

// An empty `user` makes a bare timestamp.
[[nodiscard]] RestCredential make_rest_credential(const base::Secret& secret, std::string_view user,
                                                  base::WallTime expires);
[[nodiscard]] std::string rest_password(const base::Secret& secret, std::string_view username);

}  // namespace turnd::auth
