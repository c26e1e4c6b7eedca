// Send indication (RFC 8656 s11.2): one datagram to a peer that has a permission. Never answered.
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

// RFC 8656 s11.2: anything else that must be understood makes the indication void.
constexpr std::array kKnownInSend{
    stun::AttributeType::xor_peer_address,
    stun::AttributeType::data,
    stun::AttributeType::dont_fragment,
};

}  // namespace

void Engine::State::handle_send(const stun::MessageView& message, const ClientDatagram& datagram, ClientBatch& batch) {
  const Slot slot = table.find(datagram.from);
  if (slot == kNone || !table.at(slot).is_usable(batch.moment.tick))
    return parts.counters.drop(DropReason::no_allocation);
  Allocation& allocation = table.at(slot);
  const auto peer = message.get<stun::XorPeerAddress>();
  const auto data = message.find(stun::AttributeType::data);
  if (!peer.value || !data || !stun::unknown_required(message, kKnownInSend).empty())
    return drop(allocation, DropReason::malformed);

  const base::Endpoint& to = peer.value->endpoint;
  Permission* permission = allocation.find_permission(to.address);
  if (permission == nullptr || !permission->is_live(batch.moment.tick)) {
    const bool is_denied = !parts.policy->decide(to).allowed;
    return drop(allocation, is_denied ? DropReason::peer_denied : DropReason::no_permission);
  }
  if (!may_reach(*permission, to.port)) return drop(allocation, DropReason::peer_denied);
  const bool whole = message.has(stun::AttributeType::dont_fragment);
  const Fragmentation fragmentation = whole ? Fragmentation::forbidden : Fragmentation::allowed;
  if (!allocation.relays(to.address.family(), batch.moment.tick)) return drop(allocation, DropReason::no_allocation);
  if (is_last_hop(datagram.fields)) return drop(allocation, DropReason::ttl_expired);
  if (!admit(allocation, Direction::to_peer, data->size(), batch.moment)) return;
  batch.sent.packets += 1;
  batch.sent.bytes += data->size();
  const RelayId relay = table.relay_id(allocation, slot, to.address.family());
  batch.relayed.next() = {relay, to, *data, fragmentation, next_hop(datagram.fields)};
}

}  // namespace turnd::turn
