// ErrorCode: the one list of error codes, for HTTP, the WebSocket protocol and Socket.IO.
#pragma once

#include <optional>
#include <string_view>

namespace signaling::protocol {

enum class ErrorCode {
  bad_request,
  unknown_type,
  too_large,
  unsupported,
  unsupported_media_type,
  method_not_allowed,
  request_timeout,
  headers_too_large,
  range_not_satisfiable,
  unauthenticated,
  token_expired,
  token_invalid,
  bad_credentials,
  forbidden,
  not_found,
  conflict,
  email_taken,
  username_taken,
  meeting_not_found,
  meeting_ended,
  meeting_full,
  meeting_locked,
  not_started,
  password_required,
  password_wrong,
  not_invited,
  request_denied,
  waiting,
  not_joined,
  already_joined,
  duplicate_session,
  peer_not_found,
  target_required,
  chat_disabled,
  reactions_disabled,
  screen_share_disabled,
  rate_limited,
  unavailable,
  internal,
};

// The name on the wire: the enumerator's own.
[[nodiscard]] std::string_view to_string(ErrorCode code);
[[nodiscard]] std::optional<ErrorCode> error_code(std::string_view name);

// A text for people, where the one who fails has nothing better to say.
[[nodiscard]] std::string_view default_message(ErrorCode code);

[[nodiscard]] int http_status(ErrorCode code);

// Whether the same request may succeed later, unchanged.
[[nodiscard]] bool retryable(ErrorCode code);

}  // namespace signaling::protocol
