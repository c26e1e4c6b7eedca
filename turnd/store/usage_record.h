// UsageRecord: what an ended session used (operations.md D12).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "turnd/base/clock.h"

namespace turnd::store {

struct UsageTraffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const UsageTraffic&, const UsageTraffic&) = default;
};

struct UsageRecord {
  std::string id;        // the session's
  std::string username;  // the whole USERNAME
  std::string user;      // the part after the first colon of an ephemeral one, else all of it
  std::string realm;
  std::string transport;
  std::string client;
  std::vector<std::string> relayed;
  base::WallTime started{};
  base::WallTime ended{};
  base::Duration duration{};
  std::string reason;
  UsageTraffic to_peer;
  UsageTraffic to_client;
  std::vector<std::pair<std::string, std::uint64_t>> drops;
  friend bool operator==(const UsageRecord&, const UsageRecord&) = default;
};

}  // namespace turnd::store
