// CloseReason: why a session ended (operations.md D29).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace turnd::turn {

enum class CloseReason : std::uint8_t {
  client_closed,       // Refresh with lifetime 0
  expired,
  disconnected,        // the client's stream is gone
  killed,
  credential_removed,
  credential_expired,  // on_expiry: stop
  drained,             // the drain deadline
  shutdown,
  internal,
};
inline constexpr std::size_t kCloseReasons = 9;
inline constexpr std::array kAllCloseReasons{
    CloseReason::client_closed,      CloseReason::expired,            CloseReason::disconnected,
    CloseReason::killed,             CloseReason::credential_removed, CloseReason::credential_expired,
    CloseReason::drained,            CloseReason::shutdown,           CloseReason::internal};

std::string_view to_string(CloseReason reason);

}  // namespace turnd::turn
