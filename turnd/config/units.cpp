#include "turnd/config/units.h"

#include <array>
#include <charconv>
#include <limits>

namespace turnd::config {
namespace {

template <class Factor>
struct Unit {
  std::string_view name;
  Factor factor;
};

constexpr std::array<Unit<std::uint64_t>, 6> kDurations{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr std::array<Unit<std::uint64_t>, 3> kRates{{{"/s", 1}, {"/min", 60}, {"/h", 3'600}}};
constexpr std::array<Unit<std::uint64_t>, 4> kBandwidths{
    {{"Gbit/s", 1'000'000'000}, {"Mbit/s", 1'000'000}, {"kbit/s", 1'000}, {"bit/s", 1}}};

// No value of the configuration is larger; products below stay within 64 bits.
constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max() / 1'000'000;
// Of a duration, in microseconds: its nanoseconds fit, too.
constexpr std::uint64_t kLongest = std::numeric_limits<std::int64_t>::max() / 1'000;

struct Split {
  std::string_view number;
  std::string_view unit;
};

Split split(std::string_view text, std::string_view digits) {
  const std::size_t end = text.find_first_not_of(digits);
  if (end == std::string_view::npos) return {text, {}};
  std::string_view unit = text.substr(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  return {text.substr(0, end), unit};
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > kLargest) return std::nullopt;
  return value;
}

template <class Units>
std::optional<std::uint64_t> factor_of(std::string_view unit, const Units& units) {
  for (const auto& known : units)
    if (known.name == unit) return known.factor;
  return std::nullopt;
}

// The first unit, largest first, that divides the value.
template <class Units>
std::string in_largest_unit(std::uint64_t value, const Units& units) {
  for (const auto& unit : units)
    if (value != 0 && value % unit.factor == 0) return std::to_string(value / unit.factor) + std::string(unit.name);
  return "0";
}

}  // namespace

std::optional<std::chrono::microseconds> parse_microseconds(std::string_view text) {
  const auto [number, unit] = split(text, "0123456789");
  const auto value = whole(number);
  if (value == 0 && unit.empty()) return std::chrono::microseconds(0);
  const auto factor = factor_of(unit, kDurations);
  if (!value || !factor || *value > kLongest / *factor) return std::nullopt;
  return std::chrono::microseconds(static_cast<std::int64_t>(*value * *factor));
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto duration = text.ends_with("us") ? std::nullopt : parse_microseconds(text);
  if (!duration) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

std::string duration_text(std::chrono::microseconds duration) {
  return in_largest_unit(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<Rate> parse_rate(std::string_view text) {
  const auto [number, unit] = split(text, "0123456789");
  const auto value = whole(number);
  if (value == 0 && unit.empty()) return Rate{};
  const auto factor = factor_of(unit, kRates);
  if (!value || !factor) return std::nullopt;
  return Rate{*value, std::chrono::seconds(static_cast<std::int64_t>(*factor))};
}

std::string rate_text(const Rate& rate) {
  if (rate.count == 0) return "0";
  for (const auto& unit : kRates)
    if (std::chrono::seconds(static_cast<std::int64_t>(unit.factor)) == rate.per)
      return std::to_string(rate.count) + std::string(unit.name);
  return std::to_string(rate.count) + "/s";
}

std::optional<std::uint64_t> parse_bandwidth(std::string_view text) {
  const auto [number, unit] = split(text, "0123456789.");
  if (number == "0" && unit.empty()) return 0;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const auto factor = factor_of(unit, kBandwidths);
  if (number.empty() || error != std::errc{} || end != number.data() + number.size() || !factor) return std::nullopt;
  const double bits = value * static_cast<double>(*factor);
  // A positive rate below one bit per second is no rate.
  if (bits > static_cast<double>(kLargest) || (value > 0 && bits < 1)) return std::nullopt;
  return static_cast<std::uint64_t>(bits + 0.5);
}

std::string bandwidth_text(std::uint64_t bits_per_second) { return in_largest_unit(bits_per_second, kBandwidths); }

}  // namespace turnd::config
