// ChannelBind (RFC 8656 s12.2): a number for a peer, and the permission with it.
#include "turnd/stun/channel_data.h"
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

// RFC 8656 s12.2: a number keeps its peer and a peer its number, also in quarantine.
bool is_taken(Allocation& allocation, stun::ChannelNumberValue number, const base::Endpoint& peer) {
  const Channel* of_number = allocation.find_channel(number);
  const Channel* of_peer = allocation.find_channel(peer);
  return of_number != of_peer;
}

// After the quarantine number and peer are free for others; the sweep has not been there yet.
void forget_what_is_over(Allocation& allocation, stun::ChannelNumberValue number, const base::Endpoint& peer,
                         Tick tick) {
  const auto is_over = [tick](const Channel& channel) { return channel.released && channel.is_forgotten(tick); };
  const Channel* of_number = allocation.find_channel(number);
  const Channel* of_peer = allocation.find_channel(peer);
  if ((of_number != nullptr && is_over(*of_number)) || (of_peer != nullptr && is_over(*of_peer)))
    allocation.remove_channels_if(is_over);
}

// They are looked at one by one only where those in quarantine may make the difference.
bool is_full(const Allocation& allocation, std::size_t limit, Tick tick) {
  if (limit == 0 || allocation.channel_count() < limit) return false;
  std::size_t live = 0;
  allocation.for_each_channel([&](const Channel& channel) { live += channel.is_live(tick) ? 1 : 0; });
  return live >= limit;
}

}  // namespace

void Engine::State::handle_channel_bind(const Request& request, const auth::Authenticated& client) {
  const ReplyTo to = reply_to(client, request.datagram);
  const auto own = find_own(request, client);
  if (!own) return refuse(to, own.error(), request.out);

  const auto number = request.message.get<stun::ChannelNumber>();
  const auto peer = request.message.get<stun::XorPeerAddress>();
  if (!number.value || !peer.value || !stun::is_channel_number(number.value->number))
    return refuse(to, ErrorCode::bad_request, request.out);
  const base::Endpoint& endpoint = peer.value->endpoint;
  Allocation& allocation = table.at(*own);
  const Tick tick = Tick::at(request.now.monotonic);
  forget_what_is_over(allocation, number.value->number, endpoint, tick);
  if (is_taken(allocation, number.value->number, endpoint)) return refuse(to, ErrorCode::bad_request, request.out);
  if (!allocation.relays(endpoint.address.family(), tick))
    return refuse(to, ErrorCode::peer_address_family_mismatch, request.out);

  const PolicyDecision decision = parts.policy->decide(endpoint);
  if (!decision.allowed) return refuse(to, ErrorCode::forbidden, request.out);
  const Limits& limits = allocation.details->settings->limits;
  const Channel* known = allocation.find_channel(number.value->number);
  const bool is_new = known == nullptr || !known->is_live(tick);
  if ((is_new && is_full(allocation, limits.channels, tick)) ||
      !has_room_for_permissions(allocation, {&endpoint.address, 1}, tick))
    return refuse(to, ErrorCode::insufficient_capacity, request.out);

  bind_channel(*own, {endpoint, number.value->number}, request);
  install_permission(*own, endpoint.address, request.now.monotonic);
  stun::MessageBuilder reply = begin_success(to);
  succeed(to, reply, request.out);
}

// New, bound again after it expired, or refreshed.
void Engine::State::bind_channel(Slot slot, const ChannelName& wanted, const Request& request) {
  Allocation& allocation = table.at(slot);
  const base::TimePoint now = request.now.monotonic;
  Channel* channel = allocation.find_channel(wanted.number);
  // Expired a moment ago, before the expiry queue saw it.
  if (channel != nullptr && !channel->released && !channel->is_live(Tick::at(now)))
    release(slot, *channel, request.out);
  if (channel == nullptr) channel = &allocation.add_channel({wanted.peer, wanted.number, false, {}, {}});
  channel->released = false;
  channel->expires = Tick::end_at(now + allocation.details->settings->limits.channel_lifetime);
  channel->decision = CachedDecision(parts.policy->decide(channel->peer), parts.policy->generation());
  expiries.arm_earlier(slot, channel->expires.near(now));
  const RelayId relay = table.relay_id(slot, channel->peer.address.family());
  request.out.emplace_back(ChannelBound{relay, allocation.tuple(), channel->number, channel->peer});
}

}  // namespace turnd::turn
