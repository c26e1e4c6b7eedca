#include <limits>

#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

using namespace std::chrono_literals;

constexpr Bounds kCount{0, std::numeric_limits<std::int32_t>::max()};
constexpr DurationBounds kLifetime{1s, 24h};

void read_seconds(MapReader& from, std::string_view key, std::chrono::seconds& into) {
  std::chrono::milliseconds value = into;
  read_duration(from, key, kLifetime, value);
  if (value % 1s != 0ms)
    from.problems().add(*from.find(key), "is no whole number of seconds", "write whole seconds, such as 600s");
  into = std::chrono::duration_cast<std::chrono::seconds>(value);
}

void read_bandwidth(MapReader& from, std::string_view key, std::uint64_t& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (const auto value = parse_bandwidth(field->text()))
    into = *value;
  else
    from.problems().add(*field, "is no bandwidth",
                        "write a number with bit/s, kbit/s, Mbit/s or Gbit/s; 0 for no limit");
}

}  // namespace

void read_limits(MapReader& root, Reading& reading) {
  turn::Limits& into = reading.config.limits;
  MapReader limits = root.map("limits");
  read_count(limits, "allocations", kCount, into.allocations);
  read_count(limits, "allocations_per_user", kCount, into.allocations_per_user);
  read_count(limits, "allocations_per_ip", kCount, into.allocations_per_ip);
  read_seconds(limits, "lifetime", into.lifetime);
  read_seconds(limits, "max_lifetime", into.max_lifetime);
  read_count(limits, "permissions", {0, 65'536}, into.permissions);
  read_count(limits, "channels", {0, 4'096}, into.channels);
  MapReader bandwidth = limits.map("bandwidth");
  read_bandwidth(bandwidth, "session", into.bandwidth.session);
  read_bandwidth(bandwidth, "user", into.bandwidth.user);
  read_bandwidth(bandwidth, "total", into.bandwidth.total);
  bandwidth.finish();
  read_rate(limits, "challenges_per_ip", reading.config.challenges_per_ip);
  read_seconds(limits, "permission_lifetime", into.permission_lifetime);
  read_seconds(limits, "channel_lifetime", into.channel_lifetime);
  if (into.lifetime > into.max_lifetime) {
    const auto field = limits.find("lifetime") ? limits.find("lifetime") : limits.find("max_lifetime");
    limits.problems().add(*field, "limits.lifetime is longer than limits.max_lifetime",
                          "raise max_lifetime, or lower lifetime");
  }
  limits.finish();
}

}  // namespace turnd::config
