// Snapshot: every figure that /metrics shows, at one moment, as plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/turn/counters.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::metrics {

// The counters of all workers, added up.
struct Totals {
  std::array<std::array<std::uint64_t, turn::kRequestResults>, turn::kRequestMethods> requests{};
  std::array<std::uint64_t, turn::kDropReasons> drops{};
  std::array<std::uint64_t, turn::kDirections> relayed_packets{};
  std::array<std::uint64_t, turn::kDirections> relayed_bytes{};
  std::array<std::uint64_t, auth::kRefusalReasons> auth_refused{};
  std::uint64_t allocations_created = 0;
  std::array<std::uint64_t, turn::kCloseReasons> allocations_closed{};
  std::uint64_t sessions = 0;
  std::array<std::array<std::uint64_t, base::kFamilies.size()>, base::kTransports.size()> allocations{};
  std::array<std::uint64_t, base::kTransports.size()> clients{};
  std::array<std::uint64_t, turn::kDurationBounds.size() + 1> duration_buckets{};
  std::uint64_t duration_milliseconds = 0;
  std::array<std::uint64_t, 3> tls_handshakes{};
  std::uint64_t udp_gso_refused = 0;
};
// Each counter is read once; workers may count on meanwhile.
[[nodiscard]] Totals add_up(std::span<const turn::WorkerCounters* const> workers);

// The free ports of a relay address, by its bound text form without port or brackets.
using FreePorts = std::vector<std::pair<std::string, std::uint32_t>>;
[[nodiscard]] FreePorts free_ports(const turn::RelayPorts& ports);

struct Snapshot {
  Totals totals;
  FreePorts relay_ports_free;
  std::optional<base::WallTime> certificate_not_after;  // none without `tls`
  std::uint64_t usage_stored = 0;
  std::uint64_t usage_lost = 0;
  std::uint64_t reloads_applied = 0;
  std::uint64_t reloads_refused = 0;
  std::string version;
};

}  // namespace turnd::metrics
