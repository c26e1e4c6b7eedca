// RelayPorts: which ports of which relay address are in use, shared by all workers without a lock.
#pragma once

#include <atomic>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/random_source.h"
#include "turnd/turn/settings.h"

namespace turnd::turn {

// One relay address and a bit for each of its 65,536 ports. Thread-safe: bits are claimed with fetch_or.
class PortBitmap {
 public:
  explicit PortBitmap(const RelayAddress& address);

  [[nodiscard]] const RelayAddress& address() const { return address_; }
  [[nodiscard]] bool is_claimed(std::uint16_t port) const;
  // True when this call set the bit.
  [[nodiscard]] bool try_claim(std::uint16_t port);
  void release(std::uint16_t port);

  // Another process holds the port: it is left alone until `until`, without being ours (not relayed).
  void mark_foreign(std::uint16_t port, base::TimePoint until);
  [[nodiscard]] bool is_foreign(std::uint16_t port, base::TimePoint now) const;

  // Ports of `range` that are not claimed; for turnd_relay_ports_free.
  [[nodiscard]] std::uint32_t free_in(PortRange range) const;

 private:
  RelayAddress address_;
  std::array<std::atomic<std::uint64_t>, 1024> bits_{};
  std::vector<std::atomic<std::int64_t>> foreign_until_;  // nanoseconds of TimePoint
};

// A claimed port: the bit is given back when the last owner goes (a leak is a type error). Move-only.
class PortClaim {
 public:
  PortClaim(std::shared_ptr<PortBitmap> on, std::uint16_t port) : on_(std::move(on)), port_(port) {}
  PortClaim(PortClaim&& other) noexcept = default;  // leaves `other` without a port
  PortClaim& operator=(PortClaim&& other) noexcept;
  PortClaim(const PortClaim&) = delete;
  PortClaim& operator=(const PortClaim&) = delete;
  ~PortClaim();

  [[nodiscard]] base::Endpoint bound() const { return {on_->address().bound, port_}; }
  [[nodiscard]] base::Endpoint advertised() const { return {on_->address().advertised, port_}; }
  [[nodiscard]] const std::shared_ptr<PortBitmap>& bitmap() const { return on_; }
  // After EADDRINUSE: gives the claim up and leaves the port alone for 60 s.
  void abandon_as_foreign(base::TimePoint now) &&;

 private:
  std::shared_ptr<PortBitmap> on_;  // null after a move
  std::uint16_t port_;
};

// All relay addresses of one configuration. Immutable but for the bits; a reload makes a new one that
// shares the bitmaps of the addresses that stay.
class RelayPorts {
 public:
  RelayPorts(const std::vector<RelayAddress>& addresses, PortRange range, const RelayPorts* previous);

  enum class Parity : std::uint8_t { any, even };
  // A free port of the family, uniformly at random (a random start, then the next free one after a few
  // misses); nullopt: none left. Addresses of one family are used in turn at random.
  [[nodiscard]] std::optional<PortClaim> claim(base::Family family, Parity parity, base::TimePoint now,
                                               const base::RandomSource& random) const;
  // EVEN-PORT with R: an even port and the next one (RFC 8656 s7.2).
  struct Pair {
    PortClaim even;
    PortClaim next;
  };
  [[nodiscard]] std::optional<Pair> claim_pair(base::Family family, base::TimePoint now,
                                               const base::RandomSource& random) const;

  [[nodiscard]] bool has(base::Family family) const;
  // The hairpin test: this server relays at that port now, at its bound or advertised address.
  [[nodiscard]] bool is_relayed(const base::Endpoint& endpoint) const;
  // A relay address, bound or advertised, of this server.
  [[nodiscard]] bool is_relay_address(const base::IpAddress& address) const;
  // Advertised becomes bound for a relay of this server (hairpin behind 1:1 NAT); else unchanged.
  [[nodiscard]] base::Endpoint to_bound(const base::Endpoint& endpoint) const;
  [[nodiscard]] base::Endpoint to_advertised(const base::Endpoint& endpoint) const;

  [[nodiscard]] const std::vector<std::shared_ptr<PortBitmap>>& bitmaps() const { return bitmaps_; }
  [[nodiscard]] PortRange range() const { return range_; }

 private:
  [[nodiscard]] std::shared_ptr<PortBitmap> find_retired(const RelayAddress& address) const;
  enum class Side : std::uint8_t { bound, advertised };
  // The bitmap, in use or retired, that relays at that port behind a 1:1 NAT; null: none.
  [[nodiscard]] std::shared_ptr<PortBitmap> find_relayed(const base::Endpoint& endpoint, Side side) const;
  // The first success of `take` over the addresses of a family, in random order.
  template <class Take>
  auto on_some_address(base::Family family, const base::RandomSource& random, const Take& take) const
      -> decltype(take(std::declval<const std::shared_ptr<PortBitmap>&>()));

  std::vector<std::shared_ptr<PortBitmap>> bitmaps_;
  // Bitmaps of addresses that a reload removed while sessions still use them: only to relay at them.
  std::vector<std::weak_ptr<PortBitmap>> retired_;
  PortRange range_;
};

}  // namespace turnd::turn
