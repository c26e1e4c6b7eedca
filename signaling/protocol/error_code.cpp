#include "signaling/protocol/error_code.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace signaling::protocol {
namespace {

struct Row {
  ErrorCode code;
  std::string_view name;
  int status;
  std::string_view message;
};

// In the order of the enumeration, so that a code is its own index.
constexpr std::array kRows = {
    Row{ErrorCode::bad_request, "bad_request", 400, "The request is not understood"},
    Row{ErrorCode::unknown_type, "unknown_type", 400, "Unknown message type"},
    Row{ErrorCode::too_large, "too_large", 413, "Too large"},
    Row{ErrorCode::unsupported, "unsupported", 400, "Not supported"},
    Row{ErrorCode::unsupported_media_type, "unsupported_media_type", 415, "Unsupported media type"},
    Row{ErrorCode::method_not_allowed, "method_not_allowed", 405, "Method not allowed"},
    Row{ErrorCode::request_timeout, "request_timeout", 408, "The request took too long"},
    Row{ErrorCode::headers_too_large, "headers_too_large", 431, "Header fields too large"},
    Row{ErrorCode::range_not_satisfiable, "range_not_satisfiable", 416, "Range not satisfiable"},
    Row{ErrorCode::unauthenticated, "unauthenticated", 401, "Authentication required"},
    Row{ErrorCode::token_expired, "token_expired", 401, "The token has expired"},
    Row{ErrorCode::token_invalid, "token_invalid", 400, "The token is not valid"},
    Row{ErrorCode::bad_credentials, "bad_credentials", 401, "Wrong e-mail or password"},
    Row{ErrorCode::forbidden, "forbidden", 403, "Not allowed"},
    Row{ErrorCode::not_found, "not_found", 404, "Not found"},
    Row{ErrorCode::conflict, "conflict", 409, "Conflict with the present state"},
    Row{ErrorCode::email_taken, "email_taken", 409, "The e-mail address is taken"},
    Row{ErrorCode::username_taken, "username_taken", 409, "The name is taken"},
    Row{ErrorCode::meeting_not_found, "meeting_not_found", 404, "Meeting not found"},
    Row{ErrorCode::meeting_ended, "meeting_ended", 400, "Meeting has ended"},
    Row{ErrorCode::meeting_full, "meeting_full", 400, "Meeting is full"},
    Row{ErrorCode::meeting_locked, "meeting_locked", 423, "Meeting is locked"},
    Row{ErrorCode::not_started, "not_started", 400, "Meeting has not started"},
    Row{ErrorCode::password_required, "password_required", 401, "Password required"},
    Row{ErrorCode::password_wrong, "password_wrong", 401, "Wrong password"},
    Row{ErrorCode::not_invited, "not_invited", 403, "Not invited to this meeting"},
    Row{ErrorCode::request_denied, "request_denied", 403, "The request to join was denied"},
    Row{ErrorCode::waiting, "waiting", 403, "Still waiting to be admitted"},
    Row{ErrorCode::not_joined, "not_joined", 400, "Not in a meeting"},
    Row{ErrorCode::already_joined, "already_joined", 409, "Already in a meeting"},
    Row{ErrorCode::duplicate_session, "duplicate_session", 409, "Already in this meeting from another session"},
    Row{ErrorCode::peer_not_found, "peer_not_found", 404, "No such peer here"},
    Row{ErrorCode::target_required, "target_required", 400, "targetId is needed"},
    Row{ErrorCode::chat_disabled, "chat_disabled", 403, "Chat is switched off"},
    Row{ErrorCode::reactions_disabled, "reactions_disabled", 403, "Reactions are switched off"},
    Row{ErrorCode::screen_share_disabled, "screen_share_disabled", 403, "Screen sharing is switched off"},
    Row{ErrorCode::rate_limited, "rate_limited", 429, "Too many requests"},
    Row{ErrorCode::unavailable, "unavailable", 503, "Not available at the moment"},
    Row{ErrorCode::internal, "internal", 500, "Internal error"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].code) != i) return false;
  }
  return kRows.back().code == ErrorCode::internal;
}
static_assert(in_order());

constexpr const Row& row(ErrorCode code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view to_string(ErrorCode code) { return row(code).name; }

std::optional<ErrorCode> error_code(std::string_view name) {
  const auto* found = std::find_if(kRows.begin(), kRows.end(), [&](const Row& each) { return each.name == name; });
  if (found == kRows.end()) return std::nullopt;
  return found->code;
}

std::string_view default_message(ErrorCode code) { return row(code).message; }

int http_status(ErrorCode code) { return row(code).status; }

bool retryable(ErrorCode code) {
  return code == ErrorCode::rate_limited || code == ErrorCode::unavailable || code == ErrorCode::internal ||
         code == ErrorCode::request_timeout;
}

}  // namespace signaling::protocol
