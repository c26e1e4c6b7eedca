// The data path: ChannelData and Send to peers, peers' datagrams to clients. No allocation, no copy.
//
//   client -> peer    [40 01 04 B0] payload          payload
//                     Send indication(payload)       payload
//   peer -> client    payload                        [40 01 04 B0] payload            bound channel
//                     payload                        [Data indication ..] payload     permission only
#include <algorithm>
#include <array>
#include <cassert>

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

template <class Message, std::size_t Size>
ClientForward channel_message(const std::array<std::uint8_t, Size>& header, const Message& payload,
                              base::Transport transport, ClientForwards& into) {
  const base::MutableBytes at = into.header(Size);
  std::ranges::copy(header, at.begin());
  const bool padded = base::is_stream(transport);
  return {at, payload, static_cast<std::uint8_t>(padded ? stun::stream_padding(payload.size()) : 0)};
}

// RFC 8656 s11.3: a Data indication up to the value of DATA, which follows from where it lies.
ClientForward data_message(const PeerDatagram& datagram, const stun::TransactionId& id, ClientForwards& into) {
  const std::size_t address = datagram.from.address.is_v4() ? 8 : 20;
  const std::size_t padding = stun::stream_padding(datagram.bytes.size());
  const base::MutableBytes at = into.header(stun::kHeaderSize + kAttributeHeader + address + kAttributeHeader);
  const std::size_t length = at.size() - stun::kHeaderSize + datagram.bytes.size() + padding;
  base::ByteWriter header(at);
  header.u16(stun::encode({stun::Method::data, stun::MessageClass::indication}));
  header.u16(static_cast<std::uint16_t>(length));
  header.u32(stun::kMagicCookie);
  header.bytes(id);
  header.u16(static_cast<std::uint16_t>(stun::AttributeType::xor_peer_address));
  header.u16(static_cast<std::uint16_t>(address));
  stun::write_xor_address(datagram.from, header, id);
  header.u16(static_cast<std::uint16_t>(stun::AttributeType::data));
  header.u16(static_cast<std::uint16_t>(datagram.bytes.size()));
  return {at, datagram.bytes, static_cast<std::uint8_t>(padding)};
}

constexpr std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

void Engine::State::take_client_batch(std::span<const ClientDatagram> in, ClientBatch& batch) {
  batch.relayed.reserve(batch.relayed.size() + in.size());
  for (; !in.empty(); in = in.subspan(std::min(in.size(), kLookahead)))
    take_client_chunk(in.first(std::min(in.size(), kLookahead)), batch);
  parts.counters.relayed_packets[index_of(Direction::to_peer)].add(batch.sent.packets);
  parts.counters.relayed_bytes[index_of(Direction::to_peer)].add(batch.sent.bytes);
}

// Three passes over the batch: by the time a packet is forwarded, its allocation has come into the cache.
void Engine::State::take_client_chunk(std::span<const ClientDatagram> in, ClientBatch& batch) {
  std::array<std::uint32_t, kLookahead> tags;
  std::array<Slot, kLookahead> guesses;
  for (std::size_t i = 0; i < in.size(); ++i) {
    tags[i] = table.tag_of(in[i].from);
    table.prefetch_cell(tags[i]);
  }
  for (std::size_t i = 0; i < in.size(); ++i) {
    guesses[i] = table.guess(tags[i]);
    if (guesses[i] != kNone) table.prefetch(guesses[i]);
  }
  for (std::size_t i = 0; i < in.size(); ++i) {
    const ClientDatagram& datagram = in[i];
    const auto kind = datagram.bytes.empty() ? stun::PacketKind::other : stun::classify(datagram.bytes[0]);
    switch (kind) {
      case stun::PacketKind::channel_data: {
        // A request earlier in this batch may have ended, begun or moved what was guessed.
        const bool is_it = guesses[i] != kNone && table.at(guesses[i]).tuple == datagram.from;
        relay_channel_data(datagram, is_it ? guesses[i] : table.find(datagram.from, tags[i]), batch);
        break;
      }
      case stun::PacketKind::stun:
        take_message(datagram, batch);
        break;
      case stun::PacketKind::tls_or_dtls:
      case stun::PacketKind::other:
        parts.counters.drop(DropReason::not_stun);
        break;
    }
  }
}

// RFC 8656 s12.6
void Engine::State::relay_channel_data(const ClientDatagram& datagram, Slot slot, ClientBatch& batch) {
  if (slot == kNone || !table.at(slot).is_usable(batch.tick)) return parts.counters.drop(DropReason::no_allocation);
  Allocation& allocation = table.at(slot);
  const auto message = stun::parse_channel_data(datagram.bytes);
  if (!message) return drop(allocation, DropReason::malformed);
  Channel* channel = allocation.find_channel(message->channel);
  if (channel == nullptr || !channel->is_live(batch.tick)) return drop(allocation, DropReason::no_channel);
  if (!may_reach(*channel)) return drop(allocation, DropReason::peer_denied);
  const RelayId relay = table.relay_id(allocation, slot, channel->peer.address.family());
  relay_to_peer(slot, {relay, channel->peer, message->payload, Fragmentation::allowed}, batch);
}

void Engine::State::relay_to_peer(Slot slot, const PeerForward& forward, ClientBatch& batch) {
  Allocation& allocation = table.at(slot);
  if (allocation.relays_expire_apart && !allocation.relays(forward.to.address.family(), batch.tick))
    return drop(allocation, DropReason::no_allocation);
  if (!has_bandwidth(allocation, Direction::to_peer, forward.payload.size(), batch.now.monotonic))
    return drop(allocation, DropReason::bandwidth);
  count(allocation, Direction::to_peer, forward.payload.size(), batch.now);
  batch.sent.packets += 1;
  batch.sent.bytes += forward.payload.size();
  batch.relayed.push_back(forward);
}

void Engine::State::take_peer_batch(RelayId to, std::span<const PeerDatagram> in, const base::Now& now,
                                    ClientForwards& relayed) {
  const Tick tick = Tick::at(now.monotonic);
  const Slot slot = table.find(to);
  if (slot == kNone || !table.at(slot).is_usable(tick))
    return parts.counters.drop(DropReason::no_allocation, in.size());
  Allocation& allocation = table.at(slot);
  if (allocation.relays_expire_apart && !allocation.relays(AllocationTable::family_of(to), tick))
    return drop(allocation, DropReason::no_allocation, in.size());
  assert(relayed.empty());
  relayed.via = allocation.details->via;
  relayed.to = allocation.tuple;
  relayed.reserve(in.size());
  Volume sent;
  for (const PeerDatagram& datagram : in) {
    if (!relay_to_client(allocation, datagram, now, relayed)) continue;
    sent.packets += 1;
    sent.bytes += datagram.bytes.size();
  }
  parts.counters.relayed_packets[index_of(Direction::to_client)].add(sent.packets);
  parts.counters.relayed_bytes[index_of(Direction::to_client)].add(sent.bytes);
}

// RFC 8656 s11.3, s12.7. A permission that CreatePermission or ChannelBind gave must be live, and the
// policy must still allow the peer. True: forwarded.
bool Engine::State::relay_to_client(Allocation& allocation, const PeerDatagram& datagram, const base::Now& now,
                                    ClientForwards& relayed) {
  const Tick tick = Tick::at(now.monotonic);
  const auto dropped = [&](DropReason why) {
    drop(allocation, why);
    return false;
  };
  Permission* permission = allocation.find_permission(datagram.from.address);
  if (permission == nullptr || !permission->is_live(tick)) return dropped(DropReason::no_permission);
  Channel* channel = allocation.find_channel(datagram.from);
  const bool is_bound = channel != nullptr && channel->is_live(tick);
  const bool is_allowed = is_bound ? may_reach(*channel) : may_reach(*permission, datagram.from.port);
  if (!is_allowed) return dropped(DropReason::peer_denied);
  if (datagram.bytes.size() > kLargestMessage - ClientForwards::kMaxHeader) return dropped(DropReason::too_big);
  if (!has_bandwidth(allocation, Direction::to_client, datagram.bytes.size(), now.monotonic))
    return dropped(DropReason::bandwidth);

  count(allocation, Direction::to_client, datagram.bytes.size(), now);
  relayed.push(is_bound ? channel_message(stun::channel_data_header(channel->number, datagram.bytes.size()),
                                          datagram.bytes, allocation.tuple.transport, relayed)
                        : data_message(datagram, indications.next(), relayed));
  return true;
}

bool Engine::State::may_reach(Channel& channel) {
  const std::uint64_t generation = parts.policy->generation();
  if (channel.decision.is_plain_yes(generation)) return true;
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
  if (limits.session == 0 && limits.user == 0 && limits.total == 0) return true;
  AllocationDetails& details = *allocation.details;
  const std::size_t i = index_of(direction);
  if (limits.session != 0 && !details.buckets[i].take(bytes, now)) return false;
  if (limits.user != 0 && !details.leases[i].take(details.quota.user_bandwidth().of(direction), bytes, now))
    return false;
  return limits.total == 0 || total_leases[i].take(parts.quota.total_bandwidth().of(direction), bytes, now);
}

void Engine::State::count(Allocation& allocation, Direction direction, std::size_t bytes, const base::Now& now) {
  if (const Tick tick = Tick::at(now.monotonic); allocation.meter_due.is_over(tick)) {
    allocation.details->meter.roll(allocation.volume, now.monotonic);
    allocation.meter_due = tick.plus(TrafficMeter::kShortestWindow);
  }
  Volume& volume = allocation.volume[index_of(direction)];
  volume.packets += 1;
  volume.bytes += bytes;
}

void Engine::State::drop(Allocation& allocation, DropReason why, std::uint64_t packets) {
  parts.counters.drop(why, packets);
  allocation.details->drops[static_cast<std::size_t>(why)] += packets;
}

}  // namespace turnd::turn
