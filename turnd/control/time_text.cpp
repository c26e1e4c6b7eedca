#include "turnd/control/time_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "turnd/base/time_text.h"

namespace turnd::control {
namespace {

using namespace std::chrono_literals;

std::optional<std::int64_t> parse_digits(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  for (const char c : text)
    if (c < '0' || c > '9') return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::optional<base::WallTime> parse_time(std::string_view text) {
  constexpr base::WallTime kFirst{}, kEnd{std::chrono::sys_days(std::chrono::year(2201) / 1 / 1)};
  const auto time = base::parse_time(text);
  return time && *time >= kFirst && *time < kEnd ? time : std::nullopt;
}

std::optional<base::WallTime> parse_time_or_unix(std::string_view text) {
  constexpr std::int64_t kLatest = 7'258'118'400;  // 2200, well inside what nanoseconds hold
  const std::optional<std::int64_t> seconds = parse_digits(text);
  if (!seconds) return parse_time(text);
  if (*seconds > kLatest) return std::nullopt;
  return base::WallTime(std::chrono::seconds(*seconds));
}

std::optional<base::Duration> parse_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, base::Duration>, 5> kUnits{
      {{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}, {"d", 24h}}};
  const std::size_t unit_at = text.find_first_not_of("0123456789");
  if (unit_at == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> count = parse_digits(text.substr(0, unit_at));
  if (!count) return std::nullopt;
  for (const auto& [name, unit] : kUnits)
    if (name == text.substr(unit_at)) {
      if (*count > kLongestDuration / unit) return std::nullopt;
      return *count * unit;
    }
  return std::nullopt;
}

}  // namespace turnd::control
