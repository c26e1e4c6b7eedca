#include "signaling/config/sizes.h"

#include <array>
#include <charconv>

namespace signaling::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 4> kUnits{{{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};
constexpr std::uint64_t kLargest = 1ULL << 50;

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.empty()) return value <= kLargest ? std::optional(value) : std::nullopt;
  for (const Unit& known : kUnits)
    if (known.name == unit) return value <= kLargest / known.bytes ? std::optional(value * known.bytes) : std::nullopt;
  return std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  for (const Unit& unit : kUnits)
    if (bytes != 0 && bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  return "0";
}

}  // namespace signaling::config
