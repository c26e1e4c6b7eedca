// Allocate, first phase (RFC 8656 s7.2): checks in the RFC's order, then relays are asked for.
#include <memory>
#include <utility>

#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

constexpr std::size_t index_of(base::Family family) { return static_cast<std::size_t>(family); }

bool relays(const Settings& settings, base::Family family) {
  return family == base::Family::ipv4 ? settings.relays_ipv4 : settings.relays_ipv6;
}

// RFC 8656 s7.2, step 3
std::optional<ErrorCode> check_transport(const stun::MessageView& message) {
  const auto transport = message.get<stun::RequestedTransport>();
  if (!transport.value) return ErrorCode::bad_request;
  if (transport.value->protocol != stun::RequestedTransport::kUdp) return ErrorCode::unsupported_transport_protocol;
  return std::nullopt;
}

// Steps 5, 6, 7 and 10: what cannot be asked for together.
std::optional<ErrorCode> check_combination(const stun::MessageView& message) {
  const auto token = message.get<stun::ReservationToken>();
  const auto even = message.get<stun::EvenPort>();
  const auto requested = message.get<stun::RequestedAddressFamily>();
  const auto additional = message.get<stun::AdditionalAddressFamily>();
  if (token.malformed() || even.malformed() || requested.malformed() || additional.malformed())
    return ErrorCode::bad_request;
  if (token.present && (even.present || requested.present || additional.present)) return ErrorCode::bad_request;
  if (!additional.present) return std::nullopt;
  const bool reserves = even.value && even.value->next == stun::EvenPort::Next::reserve;
  if (requested.present || reserves || additional.value->family != base::Family::ipv6) return ErrorCode::bad_request;
  return std::nullopt;
}

// Step 8, RFC 6156 s4.2: IPv4 unless something else is asked for; 440 when nothing of it can be had.
std::optional<ErrorCode> choose_families(const stun::MessageView& message, const Settings& settings,
                                         AllocateRequest& into) {
  const auto requested = message.get<stun::RequestedAddressFamily>();
  if (requested.value && !requested.value->family) return ErrorCode::address_family_not_supported;
  const base::Family first = requested.value ? *requested.value->family : base::Family::ipv4;
  into.wanted[index_of(first)] = true;
  if (message.has(stun::AttributeType::additional_address_family)) into.wanted[index_of(base::Family::ipv6)] = true;

  bool any = false;
  for (const base::Family family : base::kFamilies) {
    if (!into.wanted[index_of(family)]) continue;
    into.unsupported[index_of(family)] = !relays(settings, family);
    any = any || relays(settings, family);
  }
  if (!any) return ErrorCode::address_family_not_supported;
  return std::nullopt;
}

base::Result<AllocateRequest, ErrorCode> read_allocate(const stun::MessageView& message, const Settings& settings) {
  if (const auto error = check_transport(message)) return *error;
  if (const auto error = check_combination(message)) return *error;
  const auto lifetime = message.get<stun::Lifetime>();
  if (lifetime.malformed()) return ErrorCode::bad_request;

  AllocateRequest wanted;
  if (const auto token = message.get<stun::ReservationToken>(); token.value) {
    wanted.token = token.value->token;
  } else if (const auto error = choose_families(message, settings, wanted)) {
    return *error;
  }
  if (const auto even = message.get<stun::EvenPort>(); even.value) {
    const bool reserves = even.value->next == stun::EvenPort::Next::reserve;
    wanted.choice = reserves ? PortChoice::even_reserve_next : PortChoice::even;
  }
  if (lifetime.value) wanted.lifetime = lifetime.value->value;
  return wanted;
}

ErrorCode error_of(QuotaRefusal refusal) {
  return refusal == QuotaRefusal::total ? ErrorCode::insufficient_capacity : ErrorCode::allocation_quota_reached;
}

}  // namespace

void Engine::State::handle_allocate(const Request& request, const auth::Authenticated& client) {
  const ReplyTo reply = reply_to(client, request.datagram);
  if (const Slot slot = find_live(request); slot != kNone) return answer_existing(slot, reply, request, client);

  auto wanted = read_allocate(request.message, *settings);
  if (!wanted) return refuse(reply, wanted.error(), request.out);
  if (admission == Admission::closed) return refuse(reply, ErrorCode::insufficient_capacity, request.out);

  const FiveTuple& from = request.datagram.from;
  auto claims = claim(*wanted, client.who(), from.client.address, request.now.monotonic);
  if (!claims) return refuse(reply, claims.error(), request.out);
  if (claims->port) wanted->wanted[index_of(claims->port->bound().address.family())] = true;

  auto details = std::make_unique<AllocationDetails>(auth::Candidate{client.who(), client.keys()},
                                                     std::move(claims->quota), settings);
  details->reservation_quota = std::move(claims->next_quota);
  details->via = request.datagram.via;
  details->created = request.now;
  details->transaction = request.message.transaction_id();
  details->granted = grant(wanted->lifetime, settings->limits);
  details->waiting = reply;
  const base::TimePoint until = request.now.monotonic + details->granted;
  const Slot slot = table.add(from, std::move(details));
  table.at(slot).expires = Tick::end_at(until);
  expiries.arm(slot, table.at(slot).expires.near(request.now.monotonic));
  if (from.transport != base::Transport::udp) by_connection[request.datagram.via] = slot;
  if (!base::is_stream(from.transport)) by_listener.add(from.server);
  open_relays(slot, *wanted, std::move(claims->port), request.out);
}

// A redeemed reservation brings its port and its unit along; a new one takes a second unit at once, so that what
// a user reserves is within the quota.
base::Result<AllocateClaims, ErrorCode> Engine::State::claim(const AllocateRequest& wanted, const auth::Identity& who,
                                                             const base::IpAddress& client, base::TimePoint now) {
  if (wanted.token) {
    auto reservation = parts.reservations.redeem(*wanted.token, who.username, now);
    if (!reservation) return ErrorCode::insufficient_capacity;
    return AllocateClaims{std::move(reservation->quota), std::nullopt, std::move(reservation->port)};
  }
  auto unit = parts.quota.acquire(who.user(), client);
  if (!unit) return error_of(unit.error());
  if (wanted.choice != PortChoice::even_reserve_next)
    return AllocateClaims{std::move(*unit), std::nullopt, std::nullopt};
  auto next = parts.quota.acquire(who.user(), client);
  if (!next) return error_of(next.error());
  return AllocateClaims{std::move(*unit), std::move(*next), std::nullopt};
}

// RFC 8656 s7.2, step 2, and RFC 8489 s6.3.1: a retransmission gets the same answer, anything else 437.
void Engine::State::answer_existing(Slot slot, const ReplyTo& reply, const Request& request,
                                    const auth::Authenticated& client) {
  const AllocationDetails& details = *table.at(slot).details;
  const bool is_same =
      details.transaction == reply.transaction && details.owner.identity.username == client.who().username;
  if (!is_same) return refuse(reply, ErrorCode::allocation_mismatch, request.out);
  if (details.waiting) return;  // answered when the relay is open
  send_allocated(slot, reply, request.out);
}

void Engine::State::open_relays(Slot slot, const AllocateRequest& wanted, std::optional<PortClaim> reserved,
                                EffectList& out) {
  for (const base::Family family : base::kFamilies) {
    if (!wanted.wanted[index_of(family)]) continue;
    Relay& relay = table.at(slot).details->relay(family);
    if (wanted.unsupported[index_of(family)]) {
      relay.error = static_cast<int>(ErrorCode::address_family_not_supported);
      continue;
    }
    relay.id = table.relay_id(slot, family);
    relay.state = Relay::State::opening;
    relay.reserves_next = wanted.choice == PortChoice::even_reserve_next;
    out.emplace_back(OpenRelay{relay.id, family, wanted.choice, std::exchange(reserved, std::nullopt)});
  }
}

}  // namespace turnd::turn
