#include "signaling/service/event_names.h"

#include <algorithm>
#include <array>

namespace signaling::service {
namespace {

// Rows: the canonical name, then its other spellings; empty ones fill up.
using Row = std::array<std::string_view, 3>;
constexpr std::array<Row, 9> kNames{{
    {"user_joined", "user_connected", ""},
    {"user_left", "user_disconnected", ""},
    {"webrtc_call_initiated", "call_initiated", "call_started"},
    {"webrtc_call_ended", "call_ended", "call_end"},
    {"webrtc_call_declined", "call_declined", ""},
    {"user_registered", "user_signup", "signup"},
    {"user_login", "login", ""},
    {"chat_cleared", "messages_cleared", "chat_clear"},
    {"turn_disconnection", "turn_session_closed", ""},
}};

}  // namespace

std::vector<std::string> event_spellings(std::string_view name) {
  if (name.empty()) return {};
  for (const Row& row : kNames) {
    if (std::ranges::find(row, name) == row.end()) continue;
    std::vector<std::string> spellings;
    for (const std::string_view spelling : row)
      if (!spelling.empty()) spellings.emplace_back(spelling);
    return spellings;
  }
  return {std::string(name)};
}

bool wants_event(const std::vector<std::string>& wanted, std::string_view event) {
  if (wanted.empty()) return true;
  const std::vector<std::string> spellings = event_spellings(event);
  return std::ranges::any_of(
      wanted, [&](const std::string& each) { return std::ranges::find(spellings, each) != spellings.end(); });
}

bool is_webrtc_event(std::string_view name) { return name.starts_with("webrtc_") || name.starts_with("turn_"); }

}  // namespace signaling::service
