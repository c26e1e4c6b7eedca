// How allocations, their relays, channels and permissions come to an end; every path leads through `close`.
#include <algorithm>

#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

// Expired permissions and channels are refused on use; they are swept at most this often.
constexpr base::Duration kSweepInterval = std::chrono::seconds(1);

base::TimePoint credential_deadline(const AllocationDetails& details, const base::Now& at) {
  return at.monotonic + (*details.owner.identity.expires - at.wall);
}

}  // namespace

void Engine::State::arm(Slot slot, base::TimePoint now) { expiries.arm(slot, earliest_deadline(slot, now)); }

base::TimePoint Engine::State::earliest_deadline(Slot slot, base::TimePoint now) const {
  const Allocation& allocation = table.at(slot);
  const AllocationDetails& details = *allocation.details;
  base::TimePoint hard = allocation.expires.near(now);
  for (const Relay& relay : details.relays)
    if (allocation.relays_expire_apart && relay.state == Relay::State::open)
      hard = std::min(hard, Tick::end_at(relay.expires).near(now));
  if (settings->stop_on_credential_expiry && details.owner.identity.expires)
    hard = std::min(hard, credential_deadline(details, details.created));

  base::TimePoint soft = hard;
  allocation.for_each_permission([&](const Permission& each) { soft = std::min(soft, each.expires.near(now)); });
  allocation.for_each_channel([&](const Channel& each) {
    const Tick next = each.released ? each.expires.plus(kChannelQuarantine) : each.expires;
    soft = std::min(soft, next.near(now));
  });
  return soft;
}

void Engine::State::expire_due(Slot slot, const base::Now& now, EffectList& out) {
  Allocation& allocation = table.at(slot);
  const AllocationDetails& details = *allocation.details;
  const Tick tick = Tick::at(now.monotonic);
  if (allocation.expires.is_over(tick)) return close(slot, CloseReason::expired, now, out);
  if (settings->stop_on_credential_expiry && details.owner.identity.expires &&
      *details.owner.identity.expires <= now.wall)
    return close(slot, CloseReason::credential_expired, now, out);
  for (const base::Family family : base::kFamilies)
    if (details.has_open_relay(family) && !allocation.relays(family, tick)) close_relay(slot, family, out);
  allocation.for_each_channel([&](Channel& channel) {
    if (!channel.released && !channel.is_live(tick)) release(slot, channel, out);
  });
  allocation.remove_channels_if([&](const Channel& channel) { return channel.is_forgotten(tick); });
  allocation.remove_permissions_if([&](const Permission& permission) { return !permission.is_live(tick); });

  const base::TimePoint next = earliest_deadline(slot, now.monotonic);
  const base::TimePoint end = allocation.expires.near(now.monotonic);
  expiries.arm(slot, std::min(end, std::max(next, now.monotonic + kSweepInterval)));
}

void Engine::State::close(Slot slot, CloseReason reason, const base::Now& now, EffectList& out) {
  Allocation& allocation = table.at(slot);
  AllocationDetails& details = *allocation.details;
  if (allocation.state == Allocation::State::opening) {
    // What opens later is closed when it is reported; what stands already, now.
    for (const Relay& relay : details.relays)
      if (relay.state == Relay::State::open) out.emplace_back(CloseRelay{relay.id});
    return discard(slot);
  }
  EndedSession ended = ended_session(slot, reason, now);
  for (const base::Family family : base::kFamilies)
    if (details.has_open_relay(family)) close_relay(slot, family, out);

  --sessions;
  parts.counters.sessions.subtract();
  parts.counters.allocations_closed[static_cast<std::size_t>(reason)].add();
  if (allocation.words.transport() == base::Transport::udp)
    parts.counters.clients[static_cast<std::size_t>(base::Transport::udp)].subtract();
  const double seconds = std::chrono::duration<double>(ended.duration).count();
  const auto bucket = std::ranges::lower_bound(kDurationBounds, seconds) - kDurationBounds.begin();
  parts.counters.duration_buckets[static_cast<std::size_t>(bucket)].add();
  parts.counters.duration_milliseconds.add(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(ended.duration).count()));
  by_session.erase(static_cast<std::uint32_t>(details.id.value), slot);
  out.emplace_back(SessionClosed{details.via, std::move(ended)});
  discard(slot);
}

// One family of a dual allocation, or the last of any (RFC 8656 s8.2). Its channels and permissions go with it.
void Engine::State::close_relay(Slot slot, base::Family family, EffectList& out) {
  Allocation& allocation = table.at(slot);
  Relay& relay = allocation.details->relay(family);
  allocation.for_each_channel([&](Channel& channel) {
    if (channel.peer.address.family() == family && !channel.released) release(slot, channel, out);
  });
  allocation.remove_channels_if([&](const Channel& channel) { return channel.peer.address.family() == family; });
  allocation.remove_permissions_if([&](const Permission& permission) { return permission.address.family() == family; });
  relay.state = Relay::State::absent;
  for (const Relay& other : allocation.details->relays)
    if (other.state == Relay::State::open) allocation.expires = Tick::end_at(other.expires);
  allocation.relays_expire_apart = false;
  const auto transport = static_cast<std::size_t>(allocation.words.transport());
  parts.counters.allocations[transport][static_cast<std::size_t>(family)].subtract();
  out.emplace_back(CloseRelay{relay.id});
}

void Engine::State::release(Slot slot, Channel& channel, EffectList& out) {
  const RelayId relay = table.relay_id(slot, channel.peer.address.family());
  out.emplace_back(ChannelReleased{relay, table.at(slot).tuple(), channel.number, channel.peer});
  channel.released = true;
}

// Forgets it; the quota unit goes back with its owner.
void Engine::State::discard(Slot slot) {
  expiries.disarm(slot);
  const FiveTuple tuple = table.at(slot).tuple();
  if (tuple.transport != base::Transport::udp) by_connection.erase(table.at(slot).details->via);
  if (!base::is_stream(tuple.transport)) by_listener.remove(tuple.server);
  table.remove(slot);
}

}  // namespace turnd::turn
