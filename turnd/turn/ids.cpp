#include "turnd/turn/ids.h"

#include <charconv>

namespace turnd::turn {

namespace {
constexpr std::size_t kIdDigits = 16;
}

std::string to_string(SessionId id) {
  std::string text(kIdDigits, '0');
  for (std::size_t i = 0; i < kIdDigits; ++i) text[kIdDigits - 1 - i] = "0123456789abcdef"[id.value >> (4 * i) & 15];
  return text;
}

std::optional<SessionId> parse_session_id(std::string_view text) {
  if (text.size() != kIdDigits) return std::nullopt;
  SessionId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace turnd::turn
