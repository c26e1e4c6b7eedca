// The users of TURN for whom credentials are made (signaling.md 2.11 T1): accounts by number, guests by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signaling::turn {

[[nodiscard]] std::string account_user(std::int64_t user_id);
// A name of digits alone would be an account's number, whose relays and quota are not the guest's: "g:" stands before
// it.
[[nodiscard]] std::string guest_user(std::string_view name);

}  // namespace signaling::turn
