// The data path: ChannelData and Send to peers, peers' datagrams to clients. No allocation, no copy.
//
//   client -> peer    [40 01 04 B0] payload          payload
//                     Send indication(payload)       payload
//   peer -> client    payload                        [40 01 04 B0] payload            bound channel
//                     payload                        [Data indication ..] payload     permission only
#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "turnd/base/byte_writer.h"
#include "turnd/stun/channel_data.h"
#include "turnd/stun/classify.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

// Packets whose memory is fetched while the first of them is forwarded.
constexpr std::size_t kLookahead = 32;

constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kLargestMessage = 0xFFFF;

bool sets_a_limit(const Bandwidth& limits) { return limits.session != 0 || limits.user != 0 || limits.total != 0; }

void add_channel_message(stun::ChannelNumberValue number, const PeerDatagram& datagram, ClientForwards& into) {
  const base::ByteView payload = datagram.bytes;
  const auto header = stun::channel_data_header(number, payload.size());
  const auto [bytes, item] = into.next(header.size());
  std::memcpy(bytes.data(), header.data(), header.size());
  item.payload = payload;
  const std::size_t padding = base::is_stream(into.to.transport) ? stun::stream_padding(payload.size()) : 0;
  item.padding = static_cast<std::uint8_t>(padding);
  item.fields = next_hop(datagram.fields);
}

// RFC 8656 s11.3: a Data indication up to the value of DATA, which follows from where it lies.
void add_data_message(const PeerDatagram& datagram, const stun::TransactionId& id, ClientForwards& into) {
  const std::size_t address = datagram.from.address.is_v4() ? 8 : 20;
  const std::size_t padding = stun::stream_padding(datagram.bytes.size());
  const auto [bytes, item] = into.next(stun::kHeaderSize + kAttributeHeader + address + kAttributeHeader);
  const std::size_t length = bytes.size() - stun::kHeaderSize + datagram.bytes.size() + padding;
  base::ByteWriter header(bytes);
  header.u16(stun::encode({stun::Method::data, stun::MessageClass::indication}));
  header.u16(static_cast<std::uint16_t>(length));
  header.u32(stun::kMagicCookie);
  header.bytes(id);
  header.u16(static_cast<std::uint16_t>(stun::AttributeType::xor_peer_address));
  header.u16(static_cast<std::uint16_t>(address));
  stun::write_xor_address(datagram.from, header, id);
  header.u16(static_cast<std::uint16_t>(stun::AttributeType::data));
  header.u16(static_cast<std::uint16_t>(datagram.bytes.size()));
  item.payload = datagram.bytes;
  item.padding = static_cast<std::uint8_t>(padding);
  item.fields = next_hop(datagram.fields);
}

constexpr std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

inline bool Engine::State::may_reach(Channel& channel, const Moment& moment) {
  return channel.decision == moment.plain_yes || ask_policy(channel);
}

// RFC 8656 s12.6
[[gnu::always_inline]] inline void Engine::State::relay_channel_data(const ClientDatagram& datagram, Slot slot,
                                                                     ClientBatch& batch, Volume& sent) {
  const Moment& moment = batch.moment;
  if (slot == kNone || !table.at(slot).is_usable(moment.tick)) return parts.counters.drop(DropReason::no_allocation);
  Allocation& allocation = table.at(slot);
  if (datagram.bytes.size() < stun::kChannelHeaderSize) return drop(allocation, DropReason::malformed);
  const auto header = stun::read_channel_data_header(datagram.bytes);
  if (datagram.bytes.size() - stun::kChannelHeaderSize < header.length) return drop(allocation, DropReason::malformed);
  Channel* channel = allocation.find_channel(header.channel);
  if (channel == nullptr || !channel->is_live(moment.tick)) return drop(allocation, DropReason::no_channel);
  if (!may_reach(*channel, moment)) return drop(allocation, DropReason::peer_denied);
  const base::Family family = channel->peer.address.family();
  if (allocation.relays_expire_apart && !allocation.relays(family, moment.tick))
    return drop(allocation, DropReason::no_allocation);
  if (is_last_hop(datagram.fields)) return drop(allocation, DropReason::ttl_expired);
  if (!admit(allocation, Direction::to_peer, header.length, moment)) return;
  sent.packets += 1;
  sent.bytes += header.length;
  PeerForward& forward = batch.relayed.next();
  forward.relay = table.relay_id(allocation, slot, family);
  forward.to = channel->peer;
  forward.payload = {datagram.bytes.data() + stun::kChannelHeaderSize, header.length};
  forward.fragmentation = Fragmentation::allowed;
  forward.fields = next_hop(datagram.fields);
}

void Engine::State::take_client_batch(std::span<const ClientDatagram> in, ClientBatch& batch) {
  batch.relayed.reserve(in.size());
  for (; !in.empty(); in = in.subspan(std::min(in.size(), kLookahead)))
    take_client_chunk(in.first(std::min(in.size(), kLookahead)), batch);
  parts.counters.relayed_packets[index_of(Direction::to_peer)].add(batch.sent.packets);
  parts.counters.relayed_bytes[index_of(Direction::to_peer)].add(batch.sent.bytes);
}

// Three passes over the batch: by the time a packet is forwarded, its allocation has come into the cache.
void Engine::State::take_client_chunk(std::span<const ClientDatagram> in, ClientBatch& batch) {
  std::array<FiveTupleWords, kLookahead> names;
  std::array<std::uint32_t, kLookahead> tags;
  std::array<Slot, kLookahead> guesses;
  for (std::size_t i = 0; i < in.size(); ++i) {
    names[i] = FiveTupleWords(in[i].from);
    tags[i] = table.tag_of(names[i]);
    table.prefetch_cell(tags[i]);
  }
  for (std::size_t i = 0; i < in.size(); ++i) {
    guesses[i] = table.guess(tags[i]);
    if (guesses[i] != kNone) table.prefetch(guesses[i]);
  }
  Volume sent;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const ClientDatagram& datagram = in[i];
    const auto kind = datagram.bytes.empty() ? stun::PacketKind::other : stun::classify(datagram.bytes[0]);
    if (kind == stun::PacketKind::channel_data) [[likely]] {
      // A request earlier in this batch may have ended, begun or moved what was guessed.
      const bool is_it = guesses[i] != kNone && table.at(guesses[i]).words == names[i];
      relay_channel_data(datagram, is_it ? guesses[i] : find_slot(names[i], tags[i]), batch, sent);
    } else if (kind == stun::PacketKind::stun) {
      take_message(datagram, batch);
    } else {
      parts.counters.drop(DropReason::not_stun);
    }
  }
  batch.sent.packets += sent.packets;
  batch.sent.bytes += sent.bytes;
}

// Out of line: few packets are not where they were guessed.
Slot Engine::State::find_slot(const FiveTupleWords& name, std::uint32_t tag) const { return table.find(name, tag); }

// RFC 8656 s11.3, s12.7. A permission that CreatePermission or ChannelBind gave must be live, and the
// policy must still allow the peer.
PeerRoute Engine::State::find_route(Allocation& allocation, const base::Endpoint& from, const Moment& moment) {
  Permission* permission = allocation.find_permission(from.address);
  if (permission == nullptr || !permission->is_live(moment.tick)) return {from, nullptr, DropReason::no_permission};
  Channel* channel = allocation.find_channel(from);
  if (channel != nullptr && !channel->is_live(moment.tick)) channel = nullptr;
  const bool is_allowed = channel != nullptr ? may_reach(*channel, moment) : may_reach(*permission, from.port);
  if (!is_allowed) return {from, nullptr, DropReason::peer_denied};
  return {from, channel, std::nullopt};
}

// True: forwarded.
[[gnu::always_inline]] inline bool Engine::State::relay_to_client(Allocation& allocation, const PeerDatagram& datagram,
                                                                  const PeerRoute& route, const Moment& moment,
                                                                  ClientForwards& relayed) {
  const auto dropped = [&](DropReason why) {
    drop(allocation, why);
    return false;
  };
  if (route.refused) return dropped(*route.refused);
  if (datagram.bytes.size() > kLargestMessage - ClientForwards::kMaxHeader) return dropped(DropReason::too_big);
  // RFC 8656 s14. What leaves over a stream counts no hops.
  if (relayed.to.transport == base::Transport::udp && is_last_hop(datagram.fields))
    return dropped(DropReason::ttl_expired);
  if (!admit(allocation, Direction::to_client, datagram.bytes.size(), moment)) return false;
  if (route.channel != nullptr) {
    add_channel_message(route.channel->number, datagram, relayed);
  } else {
    add_data_message(datagram, indications.next(), relayed);
  }
  return true;
}

void Engine::State::take_peer_batch(RelayId to, std::span<const PeerDatagram> in, const base::Now& now,
                                    ClientForwards& relayed) {
  const Moment present = moment(now);
  const Slot slot = table.find(to);
  if (slot == kNone || !table.at(slot).is_usable(present.tick))
    return parts.counters.drop(DropReason::no_allocation, in.size());
  Allocation& allocation = table.at(slot);
  if (allocation.relays_expire_apart && !allocation.relays(AllocationTable::family_of(to), present.tick))
    return drop(allocation, DropReason::no_allocation, in.size());
  assert(relayed.empty());
  relayed.via = allocation.details->via;
  relayed.to = allocation.tuple();
  relayed.reserve(in.size());
  Volume sent;
  std::optional<PeerRoute> route;  // kept while datagrams come from one peer, as they do in bursts
  for (const PeerDatagram& datagram : in) {
    if (!route || !is_same(route->from, datagram.from)) route = find_route(allocation, datagram.from, present);
    if (!relay_to_client(allocation, datagram, *route, present, relayed)) continue;
    sent.packets += 1;
    sent.bytes += datagram.bytes.size();
  }
  parts.counters.relayed_packets[index_of(Direction::to_client)].add(sent.packets);
  parts.counters.relayed_bytes[index_of(Direction::to_client)].add(sent.bytes);
}

Moment Engine::State::moment(const base::Now& now) const {
  return {now, Tick::at(now.monotonic), CachedDecision::plain_yes(parts.policy->generation()),
          sets_a_limit(settings->limits.bandwidth)};
}

bool Engine::State::ask_policy(Channel& channel) {
  const std::uint64_t generation = parts.policy->generation();
  if (!channel.decision.is_current(generation))
    channel.decision = CachedDecision(parts.policy->decide(channel.peer), generation);
  return channel.decision.allowed();
}

bool Engine::State::may_reach(Permission& permission, std::uint16_t port) {
  const std::uint64_t generation = parts.policy->generation();
  if (permission.asked_port != port || !permission.decision.is_current(generation)) {
    permission.asked_port = port;
    permission.decision = CachedDecision(parts.policy->decide({permission.address, port}), generation);
  }
  return permission.decision.allowed();
}

bool Engine::State::has_bandwidth(Allocation& allocation, Direction direction, std::size_t bytes, base::TimePoint now) {
  const Bandwidth& limits = settings->limits.bandwidth;
  AllocationDetails& details = *allocation.details;
  const std::size_t i = index_of(direction);
  if (limits.session != 0 && !details.buckets[i].take(bytes, now)) return false;
  if (limits.user != 0 && !details.leases[i].take(details.quota.user_bandwidth().of(direction), bytes, now))
    return false;
  return limits.total == 0 || total_leases[i].take(parts.quota.total_bandwidth().of(direction), bytes, now);
}

void Engine::State::drop(Allocation& allocation, DropReason why, std::uint64_t packets) {
  parts.counters.drop(why, packets);
  allocation.details->drops[static_cast<std::size_t>(why)] += packets;
}

}  // namespace turnd::turn
