// Refusal: why a request was not authenticated, and the error it is answered with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace turnd::auth {

// operations.md D30. `no_credentials` is a plain challenge: neither a refusal nor an event.
enum class RefusalReason : std::uint8_t {
  no_credentials,
  unknown_user,
  wrong_password,
  expired,
  stale_nonce,
  wrong_realm,
  wrong_credentials,
  bad_request,
};
inline constexpr std::size_t kRefusalReasons = 8;

[[nodiscard]] std::string_view to_string(RefusalReason reason);

struct Refusal {
  int code = 400;  // 400, 401 or 438; 401 and 438 carry REALM, NONCE and PASSWORD-ALGORITHMS
  RefusalReason reason{};
  std::string username;  // as sent, for the operator; empty when there was none
  [[nodiscard]] bool is_challenge() const { return code == 401 || code == 438; }
};

}  // namespace turnd::auth
