#include <algorithm>
#include <array>
#include <utility>

#include "turnd/base/byte_reader.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::turn {
namespace {

// Random tries before the range is searched in order: enough while a tenth of it is free.
constexpr int kRandomTries = 64;

// Modulo bias over 2^32 is below 1e-5 for 65,536 ports: not to be seen.
std::uint32_t pick(const base::RandomSource& random, std::uint32_t bound) {
  std::array<std::uint8_t, 4> bytes{};
  random(bytes);
  return base::ByteReader(bytes).u32() % bound;
}

// Candidates of a range: every port, or every even one.
struct Candidates {
  std::uint32_t first;
  std::uint32_t step;
  std::uint32_t count;

  Candidates(PortRange range, RelayPorts::Parity parity)
      : first(parity == RelayPorts::Parity::even ? (range.low + 1U) / 2 * 2 : range.low),
        step(parity == RelayPorts::Parity::even ? 2 : 1),
        count(first > range.high ? 0 : (range.high - first) / step + 1) {}
  [[nodiscard]] std::uint16_t at(std::uint32_t index) const { return static_cast<std::uint16_t>(first + index * step); }
};

// The first candidate that `take` accepts, at random first, then in order from a random one.
template <class Take>
auto search(const Candidates& candidates, const base::RandomSource& random, const Take& take)
    -> decltype(take(std::uint16_t{})) {
  if (candidates.count == 0) return std::nullopt;
  for (int i = 0; i < kRandomTries; ++i)
    if (auto found = take(candidates.at(pick(random, candidates.count)))) return found;
  const std::uint32_t start = pick(random, candidates.count);
  for (std::uint32_t i = 0; i < candidates.count; ++i)
    if (auto found = take(candidates.at((start + i) % candidates.count))) return found;
  return std::nullopt;
}

std::optional<PortClaim> try_port(const std::shared_ptr<PortBitmap>& bitmap, std::uint16_t port, base::TimePoint now) {
  if (bitmap->is_foreign(port, now) || !bitmap->try_claim(port)) return std::nullopt;
  return PortClaim(bitmap, port);
}

}  // namespace

RelayPorts::RelayPorts(const std::vector<RelayAddress>& addresses, PortRange range, const RelayPorts* previous)
    : range_(range) {
  for (const RelayAddress& address : addresses) {
    std::shared_ptr<PortBitmap> kept;
    if (previous) {
      const auto found = std::ranges::find(previous->bitmaps_, address,
                                           [](const auto& bitmap) -> const RelayAddress& { return bitmap->address(); });
      if (found != previous->bitmaps_.end()) kept = *found;
      else kept = previous->find_retired(address);
    }
    bitmaps_.push_back(kept ? kept : std::make_shared<PortBitmap>(address));
  }
  if (!previous) return;
  retired_ = previous->retired_;
  for (const auto& bitmap : previous->bitmaps_)
    if (std::ranges::find(bitmaps_, bitmap) == bitmaps_.end()) retired_.push_back(bitmap);
  std::erase_if(retired_, [this](const std::weak_ptr<PortBitmap>& weak) {
    const auto bitmap = weak.lock();
    return !bitmap || std::ranges::find(bitmaps_, bitmap) != bitmaps_.end();
  });
}

std::shared_ptr<PortBitmap> RelayPorts::find_retired(const RelayAddress& address) const {
  for (const auto& weak : retired_)
    if (auto bitmap = weak.lock(); bitmap && bitmap->address() == address) return bitmap;
  return nullptr;
}

template <class Take>
auto RelayPorts::on_some_address(base::Family family, const base::RandomSource& random, const Take& take) const
    -> decltype(take(std::declval<const std::shared_ptr<PortBitmap>&>())) {
  std::vector<std::shared_ptr<PortBitmap>> of_family;
  std::ranges::copy_if(bitmaps_, std::back_inserter(of_family),
                       [family](const auto& bitmap) { return bitmap->address().bound.family() == family; });
  while (!of_family.empty()) {
    const auto chosen = of_family.begin() + pick(random, static_cast<std::uint32_t>(of_family.size()));
    if (auto found = take(*chosen)) return found;
    of_family.erase(chosen);
  }
  return std::nullopt;
}

std::optional<PortClaim> RelayPorts::claim(base::Family family, Parity parity, base::TimePoint now,
                                           const base::RandomSource& random) const {
  const Candidates candidates(range_, parity);
  return on_some_address(family, random, [&](const std::shared_ptr<PortBitmap>& bitmap) {
    return search(candidates, random, [&](std::uint16_t port) { return try_port(bitmap, port, now); });
  });
}

std::optional<RelayPorts::Pair> RelayPorts::claim_pair(base::Family family, base::TimePoint now,
                                                       const base::RandomSource& random) const {
  const Candidates candidates(range_, Parity::even);
  const auto try_pair = [&](const std::shared_ptr<PortBitmap>& bitmap, std::uint16_t port) -> std::optional<Pair> {
    if (port >= range_.high) return std::nullopt;
    auto even = try_port(bitmap, port, now);
    if (!even) return std::nullopt;
    auto next = try_port(bitmap, static_cast<std::uint16_t>(port + 1), now);
    if (!next) return std::nullopt;
    return Pair{std::move(*even), std::move(*next)};
  };
  return on_some_address(family, random, [&](const std::shared_ptr<PortBitmap>& bitmap) {
    return search(candidates, random, [&](std::uint16_t port) { return try_pair(bitmap, port); });
  });
}

bool RelayPorts::has(base::Family family) const {
  return std::ranges::any_of(bitmaps_, [family](const auto& bitmap) { return bitmap->address().bound.family() == family; });
}

bool RelayPorts::is_relayed(const base::Endpoint& endpoint) const {
  const auto relays = [&endpoint](const PortBitmap& bitmap) {
    const RelayAddress& address = bitmap.address();
    return (address.bound == endpoint.address || address.advertised == endpoint.address) &&
           bitmap.is_claimed(endpoint.port);
  };
  for (const auto& bitmap : bitmaps_)
    if (relays(*bitmap)) return true;
  return std::ranges::any_of(retired_, [&](const std::weak_ptr<PortBitmap>& weak) {
    const auto bitmap = weak.lock();
    return bitmap && relays(*bitmap);
  });
}

bool RelayPorts::is_relay_address(const base::IpAddress& address) const {
  return std::ranges::any_of(bitmaps_, [&address](const auto& bitmap) {
    return bitmap->address().bound == address || bitmap->address().advertised == address;
  });
}

std::shared_ptr<PortBitmap> RelayPorts::find_relayed(const base::Endpoint& endpoint, Side side) const {
  const auto relays = [&](const std::shared_ptr<PortBitmap>& bitmap) {
    const RelayAddress& address = bitmap->address();
    return (side == Side::bound ? address.bound : address.advertised) == endpoint.address &&
           address.bound != address.advertised && bitmap->is_claimed(endpoint.port);
  };
  for (const auto& bitmap : bitmaps_)
    if (relays(bitmap)) return bitmap;
  for (const auto& weak : retired_)
    if (auto bitmap = weak.lock(); bitmap && relays(bitmap)) return bitmap;
  return nullptr;
}

base::Endpoint RelayPorts::to_bound(const base::Endpoint& endpoint) const {
  const auto bitmap = find_relayed(endpoint, Side::advertised);
  return bitmap ? base::Endpoint{bitmap->address().bound, endpoint.port} : endpoint;
}

base::Endpoint RelayPorts::to_advertised(const base::Endpoint& endpoint) const {
  const auto bitmap = find_relayed(endpoint, Side::bound);
  return bitmap ? base::Endpoint{bitmap->address().advertised, endpoint.port} : endpoint;
}

}  // namespace turnd::turn
