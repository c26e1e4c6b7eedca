// What the operator is told of a session, live or ended (operations.md D11, D12).
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

std::vector<base::Endpoint> relayed_addresses(const AllocationDetails& details) {
  std::vector<base::Endpoint> addresses;
  for (const Relay& relay : details.relays)
    if (relay.state == Relay::State::open) addresses.push_back(relay.advertised);
  return addresses;
}

Traffic total_of(const Volume& volume) { return {.packets = volume.packets, .bytes = volume.bytes}; }

}  // namespace

Session Engine::State::describe(Slot slot, const base::Now& now) const {
  const Allocation& allocation = table.at(slot);
  const AllocationDetails& details = *allocation.details;
  const Tick tick = Tick::at(now.monotonic);
  Session session{.id = details.id,
                  .username = details.owner.identity.username,
                  .user = std::string(details.owner.identity.user()),
                  .realm = details.owner.identity.realm,
                  .secret_id = details.owner.identity.secret_id,
                  .tuple = allocation.tuple(),
                  .relayed = relayed_addresses(details),
                  .permissions = {},
                  .channels = {},
                  .drops = details.drops,
                  .created = details.created.wall,
                  .expires = now.wall + allocation.expires.since(tick)};
  for (std::size_t i = 0; i < kDirections; ++i) {
    const Rate rate = details.meter.rate(static_cast<Direction>(i), allocation.volume, now.monotonic);
    session.traffic[i] = total_of(allocation.volume[i]);
    session.traffic[i].packets_per_second = rate.packets_per_second;
    session.traffic[i].bytes_per_second = rate.bytes_per_second;
  }
  allocation.for_each_permission([&](const Permission& each) {
    if (each.is_live(tick)) session.permissions.push_back({each.address, now.wall + each.expires.since(tick)});
  });
  allocation.for_each_channel([&](const Channel& each) {
    if (each.is_live(tick))
      session.channels.push_back({each.number.value, each.peer, now.wall + each.expires.since(tick)});
  });
  return session;
}

EndedSession Engine::State::ended_session(Slot slot, CloseReason reason, const base::Now& now) const {
  const Allocation& allocation = table.at(slot);
  const AllocationDetails& details = *allocation.details;
  EndedSession ended{.id = details.id,
                     .username = details.owner.identity.username,
                     .user = std::string(details.owner.identity.user()),
                     .realm = details.owner.identity.realm,
                     .tuple = allocation.tuple(),
                     .relayed = relayed_addresses(details),
                     .started = details.created.wall,
                     .ended = now.wall,
                     .duration = now.monotonic - details.created.monotonic,
                     .reason = reason,
                     .drops = details.drops};
  for (std::size_t i = 0; i < kDirections; ++i) ended.traffic[i] = total_of(allocation.volume[i]);
  return ended;
}

Slot Engine::State::find_session(SessionId id) const {
  return by_session.find(static_cast<std::uint32_t>(id.value),
                         [&](Slot slot) { return table.at(slot).details->id == id; });
}

}  // namespace turnd::turn
