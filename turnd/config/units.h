// Durations, rates and bandwidths with their units (operations.md D44).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace turnd::config {

// Integer and ms, s, m, h, d; "0" alone.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The same, and us.
[[nodiscard]] std::optional<std::chrono::microseconds> parse_microseconds(std::string_view text);
// In the largest unit that divides it: "90s", "10m", "100us", "0".
[[nodiscard]] std::string duration_text(std::chrono::microseconds duration);

struct Rate {
  std::uint64_t count = 0;
  std::chrono::seconds per{1};  // 1 s, 1 min or 1 h
  [[nodiscard]] double per_second() const { return static_cast<double>(count) / static_cast<double>(per.count()); }
  friend bool operator==(const Rate&, const Rate&) = default;
};
// Integer and /s, /min, /h; "0" alone.
[[nodiscard]] std::optional<Rate> parse_rate(std::string_view text);
[[nodiscard]] std::string rate_text(const Rate& rate);

// Integer or decimal and bit/s, kbit/s, Mbit/s, Gbit/s (powers of 1,000); "0" alone. In bits per second.
[[nodiscard]] std::optional<std::uint64_t> parse_bandwidth(std::string_view text);
[[nodiscard]] std::string bandwidth_text(std::uint64_t bits_per_second);

}  // namespace turnd::config
