// RelaySockets: what net/ is to an engine, with real ports of a virtual machine and no socket.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "tests/support/client.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/engine.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::support {

class RelaySockets {
 public:
  RelaySockets(turn::PortRange range, base::RandomSource random)
      : range_(range),
        random_(std::move(random)),
        ports_(std::make_shared<turn::RelayPorts>(addresses(), range, nullptr)) {}

  static std::vector<turn::RelayAddress> addresses() {
    return {{address("203.0.113.10"), address("203.0.113.10")}, {address("2001:db8::10"), address("2001:db8::10")}};
  }
  [[nodiscard]] const std::shared_ptr<turn::RelayPorts>& ports() const { return ports_; }

  // The answer to OpenRelay.
  base::Result<turn::OpenedRelay, turn::OpenError> open(turn::OpenRelay asked, base::TimePoint now) {
    std::optional<turn::PortClaim> next;
    std::optional<turn::PortClaim> claim = take(asked, next, now);
    if (!claim) return turn::OpenError::no_port;
    const base::Endpoint advertised = claim->advertised();
    open_.insert_or_assign(asked.relay.value, std::move(*claim));
    return turn::OpenedRelay{advertised, std::move(next)};
  }
  void close(turn::RelayId relay) { open_.erase(relay.value); }

  // The relay at an address; one that never existed when there is none.
  [[nodiscard]] turn::RelayId at(const base::Endpoint& advertised) const {
    for (const auto& [relay, claim] : open_)
      if (claim.advertised() == advertised) return {relay};
    return {};
  }
  [[nodiscard]] std::size_t size() const { return open_.size(); }
  [[nodiscard]] std::uint32_t ports_in_use() const {
    const std::uint32_t each = range_.high - range_.low + 1U;
    std::uint32_t used = 0;
    for (const auto& bitmap : ports_->bitmaps()) used += each - bitmap->free_in(range_);
    return used;
  }

 private:
  std::optional<turn::PortClaim> take(turn::OpenRelay& asked, std::optional<turn::PortClaim>& next,
                                      base::TimePoint now) {
    if (asked.reserved) return std::move(asked.reserved);
    if (asked.choice == turn::PortChoice::even_reserve_next) {
      auto pair = ports_->claim_pair(asked.family, now, random_);
      if (!pair) return std::nullopt;
      next = std::move(pair->next);
      return std::move(pair->even);
    }
    const bool even = asked.choice == turn::PortChoice::even;
    const auto parity = even ? turn::RelayPorts::Parity::even : turn::RelayPorts::Parity::any;
    return ports_->claim(asked.family, parity, now, random_);
  }

  turn::PortRange range_;
  base::RandomSource random_;
  std::shared_ptr<turn::RelayPorts> ports_;
  std::map<std::uint64_t, turn::PortClaim> open_;
};

}  // namespace turnd::support
