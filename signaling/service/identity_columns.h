// Who somebody is, as columns hold it: NULL equals nothing, so that a person is found by the one key that is his.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "signaling/service/identity.h"

namespace signaling::service {

[[nodiscard]] inline std::optional<std::int64_t> account_column(const Identity& who) {
  return who.is_account() ? std::optional(who.user_id) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::string> guest_column(const Identity& who) {
  return who.is_guest() ? std::optional(who.guest_id) : std::nullopt;
}

}  // namespace signaling::service
