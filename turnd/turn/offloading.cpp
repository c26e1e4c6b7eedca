// What an offload below the sockets asks of the engine, and what it tells it.
#include <algorithm>

#include "turnd/turn/engine_state.h"

namespace turnd::turn {

std::optional<base::TimePoint> Engine::channel_end(RelayId relay, stun::ChannelNumberValue number,
                                                   const base::Now& now) {
  const Moment present = state_->moment(now);
  const Slot slot = state_->table.find(relay);
  if (slot == State::kNone || !state_->table.at(slot).is_usable(present.tick)) return std::nullopt;
  Allocation& allocation = state_->table.at(slot);
  const base::Family family = AllocationTable::family_of(relay);
  if (allocation.words.transport() != base::Transport::udp || present.limits_bandwidth ||
      !allocation.relays(family, present.tick))
    return std::nullopt;
  Channel* channel = allocation.find_channel(number);
  if (channel == nullptr || !channel->is_live(present.tick) || !state_->ask_policy(*channel)) return std::nullopt;
  const Permission* permission = allocation.find_permission(channel->peer.address);
  if (permission == nullptr || !permission->is_live(present.tick)) return std::nullopt;

  base::TimePoint end = std::min(channel->expires.near(now.monotonic), permission->expires.near(now.monotonic));
  end = std::min(end, allocation.expires.near(now.monotonic));
  end = std::min(end, Tick::end_at(allocation.details->relay(family).expires).near(now.monotonic));
  const auto& credential = allocation.details->owner.identity.expires;
  if (state_->settings->stop_on_credential_expiry && credential)
    end = std::min(end, now.monotonic + (*credential - now.wall));
  return end;
}

bool Engine::on_offloaded(RelayId relay, const Offloaded& late, const base::Now& now) {
  WorkerCounters& counters = state_->parts.counters;
  for (std::size_t i = 0; i < kDirections; ++i) {
    counters.relayed_packets[i].add(late.volumes[i].packets);
    counters.relayed_bytes[i].add(late.volumes[i].bytes);
  }
  const Slot slot = state_->table.find(relay);
  if (slot == State::kNone || state_->table.at(slot).state != Allocation::State::live) return false;
  Allocation& allocation = state_->table.at(slot);
  TrafficMeter& meter = allocation.details->meter;
  meter.add(late, allocation.volume, now.monotonic);
  allocation.meter_due = Tick::end_at(meter.due());
  for (std::size_t i = 0; i < kDirections; ++i) allocation.volume[i] += late.volumes[i];
  return true;
}

std::vector<RelayId> Engine::relays_of(SessionId id) const {
  std::vector<RelayId> relays;
  const Slot slot = state_->find_session(id);
  if (slot == State::kNone) return relays;
  for (const Relay& relay : state_->table.at(slot).details->relays)
    if (relay.state == Relay::State::open) relays.push_back(relay.id);
  return relays;
}

}  // namespace turnd::turn
