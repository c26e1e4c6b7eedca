#include "turnd/control/time_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <utility>

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

// A sticky reader of fixed-width fields: read everything, then ask `ok`.
struct Fields {
  std::string_view rest;
  bool ok = true;

  int digits(std::size_t count) {
    const std::optional<std::int64_t> value = parse_digits(take(count));
    ok = ok && value.has_value();
    return static_cast<int>(value.value_or(0));
  }
  void one_of(std::string_view allowed) {
    const std::string_view taken = take(1);
    ok = ok && !taken.empty() && allowed.find(taken.front()) != std::string_view::npos;
  }
  std::string_view take(std::size_t count) {
    if (rest.size() < count) {
      ok = false;
      return {};
    }
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
};

// RFC 3339 s5.6: time-secfrac, any number of digits; finer than nanoseconds is cut.
base::Duration read_fraction(Fields& in) {
  if (!in.rest.starts_with('.')) return base::Duration::zero();
  in.take(1);
  std::size_t count = 0;
  while (count < in.rest.size() && in.rest[count] >= '0' && in.rest[count] <= '9') ++count;
  if (count == 0) in.ok = false;
  std::string nanoseconds(in.take(count).substr(0, 9));
  nanoseconds.resize(9, '0');
  return base::Duration(parse_digits(nanoseconds).value_or(0));
}

// RFC 3339 s5.6: time-offset.
std::chrono::minutes read_offset(Fields& in) {
  if (in.rest == "Z" || in.rest == "z") {
    in.take(1);
    return 0min;
  }
  const bool is_west = in.rest.starts_with('-');
  in.one_of("+-");
  const int hours = in.digits(2);
  in.one_of(":");
  const int minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.ok = false;
  const std::chrono::minutes offset{hours * 60 + minutes};
  return is_west ? -offset : offset;
}

}  // namespace

std::string format_time(base::WallTime time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(milliseconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{milliseconds - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::optional<base::WallTime> parse_time(std::string_view text) {
  Fields in{text};
  const int year = in.digits(4);
  in.one_of("-");
  const auto month = static_cast<unsigned>(in.digits(2));
  in.one_of("-");
  const auto day = static_cast<unsigned>(in.digits(2));
  in.one_of("Tt ");
  const int hour = in.digits(2);
  in.one_of(":");
  const int minute = in.digits(2);
  in.one_of(":");
  const int second = in.digits(2);
  const base::Duration fraction = read_fraction(in);
  const std::chrono::minutes offset = read_offset(in);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!in.ok || !in.rest.empty() || !date.ok() || year < 1970 || year > 2200) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;  // 60: a leap second
  return base::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction - offset;
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
