// HalfOpen: the connections that hold no allocation yet, their deadlines and their caps (security.md T-SLOW).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace turnd::net {

// Ordered by deadline. A connection leaves when it has an allocation or ends, and enters again when the
// allocation is over. One worker's.
template <class Connection>
class HalfOpen {
 public:
  void enter(Connection& connection, const base::IpAddress& client, base::TimePoint deadline) {
    deadlines_.emplace(deadline, &connection);
    ++by_source_[source_of(client)];
  }
  void leave(Connection& connection, const base::IpAddress& client, base::TimePoint deadline) {
    if (deadlines_.erase({deadline, &connection}) == 0) return;
    const auto count = by_source_.find(source_of(client));
    if (--count->second == 0) by_source_.erase(count);
  }
  void move(Connection& connection, base::TimePoint from, base::TimePoint to) {
    if (deadlines_.erase({from, &connection}) != 0) deadlines_.emplace(to, &connection);
  }

  [[nodiscard]] std::size_t size() const { return deadlines_.size(); }
  // Those of this client's address; of IPv6, those of its /64: one host has as many addresses there as it likes.
  [[nodiscard]] std::size_t from(const base::IpAddress& client) const {
    const auto count = by_source_.find(source_of(client));
    return count == by_source_.end() ? 0 : count->second;
  }
  // The one that has the least time left; null when there is none.
  [[nodiscard]] Connection* first() const { return deadlines_.empty() ? nullptr : deadlines_.begin()->second; }
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const {
    return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->first);
  }

 private:
  static base::IpAddress source_of(const base::IpAddress& client) {
    if (client.is_v4()) return client;
    std::array<std::uint8_t, 16> network = client.storage();
    std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
    return base::IpAddress::v6(network);
  }

  std::set<std::pair<base::TimePoint, Connection*>> deadlines_;
  std::unordered_map<base::IpAddress, std::size_t> by_source_;
};

}  // namespace turnd::net
