// CreatePermission (RFC 8656 s10.2): several peers, all or none.
#include <algorithm>
#include <vector>

#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

base::Result<std::vector<base::IpAddress>, ErrorCode> read_peers(const stun::MessageView& message) {
  std::vector<base::IpAddress> peers;
  for (const stun::Attribute attribute : message.attributes()) {
    if (attribute.type != stun::AttributeType::xor_peer_address) continue;
    const auto peer = stun::XorPeerAddress::read(attribute.value, message);
    if (!peer) return ErrorCode::bad_request;
    peers.push_back(peer->endpoint.address);
  }
  if (peers.empty()) return ErrorCode::bad_request;
  std::ranges::sort(peers);
  peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
  return peers;
}

}  // namespace

void Engine::State::handle_create_permission(const Request& request, const auth::Authenticated& client) {
  const ReplyTo to = reply_to(client, request.datagram);
  const auto own = find_own(request, client);
  if (!own) return refuse(to, own.error(), request.out);
  const auto peers = read_peers(request.message);
  if (!peers) return refuse(to, peers.error(), request.out);

  Allocation& allocation = table.at(*own);
  const Tick tick = Tick::at(request.now.monotonic);
  // The family comes before the policy, so that 443 tells nothing about what is denied.
  const auto has_relay = [&](const base::IpAddress& peer) { return allocation.relays(peer.family(), tick); };
  if (!std::ranges::all_of(*peers, has_relay)) return refuse(to, ErrorCode::peer_address_family_mismatch, request.out);
  const auto is_allowed = [&](const base::IpAddress& peer) { return parts.policy->decide_any_port(peer).allowed; };
  if (!std::ranges::all_of(*peers, is_allowed)) return refuse(to, ErrorCode::forbidden, request.out);
  if (!has_room_for_permissions(allocation, *peers, tick))
    return refuse(to, ErrorCode::insufficient_capacity, request.out);

  for (const base::IpAddress& peer : *peers) install_permission(*own, peer, request.now.monotonic);
  stun::MessageBuilder reply = begin_success(to);
  succeed(to, reply, request.out);
}

}  // namespace turnd::turn
