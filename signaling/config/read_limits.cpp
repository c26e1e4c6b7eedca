#include "signaling/config/limit_keys.h"
#include "signaling/config/sections.h"
#include "signaling/config/sizes.h"

namespace signaling::config {
namespace {

void read_limit(MapReader& limits, std::string_view key, std::uint64_t& size) {
  const auto field = limits.find(key);
  if (!field) return;
  if (const auto value = field->is_scalar() ? parse_size(field->text()) : std::nullopt)
    size = *value;
  else
    limits.problems().add(*field, "is no size", "write a whole number with KiB, MiB or GiB; 0 for no limit");
}

void read_limit(MapReader& limits, std::string_view key, Rate& rate) { turnd::config::read_rate(limits, key, rate); }

void read_limit(MapReader& limits, std::string_view key, milliseconds& duration) {
  read_milliseconds(limits, key, milliseconds(0), duration);
}

void read_limit(MapReader& limits, std::string_view key, std::uint32_t& count) {
  read_count(limits, key, {0, 1'000'000'000}, count);
}

}  // namespace

void read_limits(MapReader& root, Reading& reading) {
  MapReader limits = root.map("limits");
  for (const LimitKey& limit : kLimitKeys)
    std::visit([&](auto member) { read_limit(limits, limit.key, reading.config.limits.*member); }, limit.member);
  limits.finish();
}

}  // namespace signaling::config
