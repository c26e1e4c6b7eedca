// ChannelLeasesTest: the leases of one engine, and an offload whose traffic the test decides.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "tests/support/world.h"
#include "turnd/worker/channel_leases.h"

namespace turnd::worker {

using namespace std::chrono_literals;
using namespace turnd::support;

inline constexpr stun::ChannelNumberValue kNumber{0x4000};
inline const base::Endpoint kPeer = endpoint("9.9.9.9:7000");

inline base::Endpoint peer_with_port(int port) { return {kPeer.address, static_cast<std::uint16_t>(port)}; }

// An offload whose traffic the test decides.
class RecordingOffload final : public ChannelOffload {
 public:
  std::optional<Lease> lease(const ChannelRoute& route, base::TimePoint until) override {
    ++asked;
    if (refuses) return std::nullopt;
    ends[++last] = until;
    routes[last] = route;
    return last;
  }
  turn::Volumes relayed(Lease lease) const override {
    ++readings;
    const auto found = volumes.find(lease);
    return found == volumes.end() ? turn::Volumes{} : found->second;
  }
  bool prolong(Lease lease, const ChannelRoute&, base::TimePoint until) override {
    if (ways_change) return false;
    ends[lease] = until;
    ++prolonged;
    return true;
  }
  void withdraw(Lease lease) override { ends.erase(lease); }
  void reinstate(Lease lease, base::TimePoint until) override { ends[lease] = until; }
  turn::Volumes release(Lease lease, const ChannelRoute&) override {
    ++released;
    ends.erase(lease);
    return relayed(lease);
  }

  bool refuses = false;
  bool ways_change = true;  // of every channel, each time that it is looked at
  std::size_t prolonged = 0;
  std::size_t released = 0;
  mutable std::size_t readings = 0;
  std::size_t asked = 0;
  Lease last = 0;
  std::map<Lease, base::TimePoint> ends;
  std::map<Lease, ChannelRoute> routes;
  std::map<Lease, turn::Volumes> volumes;
};

class ChannelLeasesTest : public testing::Test {
 protected:
  ChannelLeasesTest() {
    relayed = world.allocate(world.alice).relayed();
    (void)world.bind(world.alice, kNumber.value, kPeer);
  }
  static WorldOptions with_room_for_channels() {
    WorldOptions options;
    options.settings.limits.channels = 3000;
    return options;
  }
  void bind_channels(std::uint16_t count) {
    for (std::uint16_t i = 0; i < count; ++i) {
      (void)world.bind(world.alice, static_cast<std::uint16_t>(kNumber.value + i), peer_with_port(7000 + i));
      tell_bound();
    }
  }
  void tell_bound() {
    leases.on_channel_bound(world.last<turn::ChannelBound>(), endpoint("10.0.0.5:50000"), kPeer, world.now);
  }
  void refresh_channel() {
    (void)world.bind(world.alice, kNumber.value, kPeer);
    tell_bound();
  }
  turn::Offloaded tell_released() {
    return leases.on_channel_released({world.relay_at(relayed), world.alice.tuple, kNumber, kPeer});
  }
  void pass(base::Duration time) {
    world.advance(time);
    leases.on_time(world.now);
  }
  // Whatever is due until then.
  void pass_until(base::TimePoint end) {
    while (const auto next = leases.next_deadline()) {
      if (*next > end) break;
      pass(std::max(*next, world.now.monotonic) - world.now.monotonic);
    }
    pass(end - world.now.monotonic);
  }
  void collect() {
    for (auto next = std::optional(ChannelLeases::Place{}); next;) next = leases.collect(*next, world.now);
  }
  turn::Session session() { return world.sessions().at(0); }

  World world{with_room_for_channels()};
  base::Endpoint relayed;
  RecordingOffload offload;
  ChannelLeases leases{offload, world.engine};
};

}  // namespace turnd::worker
