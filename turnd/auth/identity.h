// Identity: who authenticated, by which credential.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"
#include "turnd/crypto/hash.h"

namespace turnd::auth {

enum class CredentialKind : std::uint8_t { ephemeral, user };

struct Identity {
  std::string username;  // as sent, prepared: the whole USERNAME
  std::string realm;
  CredentialKind kind = CredentialKind::user;
  std::string secret_id;                  // ephemeral only: which shared secret signed it
  std::optional<base::WallTime> expires;  // ephemeral only

  // The user that quotas and filters mean: what follows the first colon of an ephemeral name, else all of it.
  [[nodiscard]] std::string_view user() const;
  // RFC 8489 s14.4: what a client sends instead of its name.
  [[nodiscard]] crypto::Sha256Digest userhash() const;
  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace turnd::auth
