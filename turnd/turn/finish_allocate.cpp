// Allocate, second phase (RFC 8656 s7.2, s7.3): the relays stand, or they don't, and the client hears of it.
#include <algorithm>
#include <utility>

#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

ErrorCode error_of(OpenError error) {
  switch (error) {
    case OpenError::no_port:
    case OpenError::no_descriptor:
      return ErrorCode::insufficient_capacity;
    case OpenError::failed:
      return ErrorCode::server_error;
  }
  return ErrorCode::server_error;
}

}  // namespace

void Engine::State::relay_opened(RelayId which, base::Result<OpenedRelay, OpenError> how, const base::Now& now,
                                 EffectList& out) {
  const Slot slot = table.find(which);
  Relay* relay = slot == kNone ? nullptr : &table.at(slot).details->relay(AllocationTable::family_of(which));
  if (relay == nullptr || relay->state != Relay::State::opening) {
    // It ended while it was opening.
    if (how) out.emplace_back(CloseRelay{which});
    return;
  }
  AllocationDetails& details = *table.at(slot).details;
  const bool lacks_next = how && relay->reserves_next && !how->next;
  if (lacks_next) out.emplace_back(CloseRelay{which});
  if (!how || lacks_next) {
    relay->state = Relay::State::absent;
    relay->error = static_cast<int>(how ? ErrorCode::insufficient_capacity : error_of(how.error()));
  } else {
    relay->state = Relay::State::open;
    relay->advertised = how->advertised;
  }
  if (relay->state == Relay::State::open && relay->reserves_next) {
    details.token.emplace();
    parts.random(*details.token);
    const base::TimePoint until = now.monotonic + kReservationLifetime;
    parts.reservations.keep(*details.token, {std::move(*how->next), std::move(*details.reservation_quota)},
                            details.owner.identity.username, until);
    details.reservation_quota.reset();
    reservations.push_back(until);
  }
  const bool is_waiting =
      std::ranges::any_of(details.relays, [](const Relay& each) { return each.state == Relay::State::opening; });
  if (!is_waiting) finish_allocate(slot, now, out);
}

void Engine::State::finish_allocate(Slot slot, const base::Now& now, EffectList& out) {
  Allocation& allocation = table.at(slot);
  AllocationDetails& details = *allocation.details;
  const ReplyTo to = *std::exchange(details.waiting, std::nullopt);
  const auto open = [](const Relay& relay) { return relay.state == Relay::State::open; };
  if (std::ranges::none_of(details.relays, open)) {
    const auto failed = std::ranges::max_element(details.relays, {}, &Relay::error);
    const auto error = static_cast<ErrorCode>(failed->error);
    discard(slot);
    return refuse(to, error, out);
  }

  const base::TimePoint until = now.monotonic + details.granted;
  allocation.state = Allocation::State::live;
  allocation.expires = Tick::end_at(until);
  allocation.meter_due = Tick::at(now.monotonic);
  for (Relay& relay : details.relays) relay.expires = until;
  details.created = now;
  details.id = {random_u64()};
  const std::uint64_t bandwidth = settings->limits.bandwidth.session;
  for (TokenBucket& bucket : details.buckets) bucket.set_rate(bandwidth / 8, now.monotonic);
  by_session.insert(static_cast<std::uint32_t>(details.id.value), slot);
  arm(slot, now.monotonic);

  const auto transport = static_cast<std::size_t>(allocation.words.transport());
  ++sessions;
  parts.counters.sessions.add();
  parts.counters.allocations_created.add();
  if (allocation.words.transport() == base::Transport::udp) parts.counters.clients[transport].add();
  for (const base::Family family : base::kFamilies)
    if (details.has_open_relay(family)) parts.counters.allocations[transport][static_cast<std::size_t>(family)].add();

  out.emplace_back(SessionOpened{details.via, describe(slot, now)});
  send_allocated(slot, to, out);
}

// RFC 8656 s7.3. Built anew for a retransmission, from the same values.
void Engine::State::send_allocated(Slot slot, const ReplyTo& to, EffectList& out) {
  const AllocationDetails& details = *table.at(slot).details;
  stun::MessageBuilder reply = begin_success(to);
  for (const Relay& relay : details.relays)
    if (relay.state == Relay::State::open) reply.add(stun::XorRelayedAddress{relay.advertised});
  reply.add(stun::Lifetime{details.granted});
  if (details.token) reply.add(stun::ReservationToken{*details.token});
  reply.add(stun::XorMappedAddress{to.client.client});
  for (const base::Family family : base::kFamilies)
    if (const int error = details.relay(family).error; error != 0) reply.add(stun::AddressErrorCode{family, error});
  succeed(to, reply, out);
}

}  // namespace turnd::turn
