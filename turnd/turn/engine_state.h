// Engine::State: what an engine knows, and its work cut by the kind of input. Internal to turn/.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "turnd/turn/allocation_table.h"
#include "turnd/turn/engine.h"
#include "turnd/turn/expiry_queue.h"
#include "turnd/turn/listener_counts.h"
#include "turnd/turn/replies.h"
#include "turnd/turn/tag_index.h"
#include "turnd/turn/transaction_ids.h"

namespace turnd::turn {

// A message from a client that is being answered.
struct Request {
  const stun::MessageView& message;
  const ClientDatagram& datagram;
  const base::Now& now;
  EffectList& out;
};

// What holds for every packet of a batch.
struct Moment {
  const base::Now& now;
  Tick tick;
  CachedDecision plain_yes;  // what a channel holds whose peer is allowed by today's policy
  bool limits_bandwidth;     // of somebody
};

// One call of on_client_batch.
struct ClientBatch {
  Moment moment;
  PeerForwards& relayed;
  EffectList& out;
  Volume sent{};
};

// How datagrams from one peer go to the client, at one moment.
struct PeerRoute {
  base::Endpoint from;
  const Channel* channel;  // null: as Data indications
  std::optional<DropReason> refused;
};

// An Allocate that passed its checks (RFC 8656 s7.2).
struct AllocateRequest {
  std::array<bool, base::kFamilies.size()> wanted{};
  std::array<bool, base::kFamilies.size()> unsupported{};  // of a dual one: told in ADDRESS-ERROR-CODE
  PortChoice choice = PortChoice::any;
  std::optional<Token> token;
  std::chrono::seconds lifetime{};
};

// What an Allocate holds before its relays are asked for.
struct AllocateClaims {
  QuotaUnit quota;
  std::optional<QuotaUnit> next_quota;  // EVEN-PORT with R: the reservation's
  std::optional<PortClaim> port;        // RESERVATION-TOKEN: exactly this one
};

// What a ChannelBind ties together.
struct ChannelName {
  base::Endpoint peer;
  stun::ChannelNumberValue number;
};

using Slot = std::uint32_t;

struct Engine::State {
  static constexpr Slot kNone = AllocationTable::kNone;

  State(const Settings& initial, EngineParts with);

  // dispatch.cpp: one STUN message.
  void take_message(const ClientDatagram& datagram, ClientBatch& batch);
  void handle_request(const Request& request);
  void dispatch(const Request& request, const auth::Authenticated& client);
  void challenge_or_refuse(const Request& request, const auth::Requester& requester, const auth::Refusal& refusal);

  // One handler, one file.
  void handle_binding(const Request& request);
  void handle_allocate(const Request& request, const auth::Authenticated& client);
  void handle_refresh(const Request& request, const auth::Authenticated& client);
  void handle_create_permission(const Request& request, const auth::Authenticated& client);
  void handle_channel_bind(const Request& request, const auth::Authenticated& client);
  void bind_channel(Slot slot, const ChannelName& wanted, const Request& request);
  void handle_send(const stun::MessageView& message, const ClientDatagram& datagram, ClientBatch& batch);

  // handle_allocate.cpp, finish_allocate.cpp: an allocation is made in two phases, with the opening between.
  void answer_existing(Slot slot, const ReplyTo& reply, const Request& request, const auth::Authenticated& client);
  base::Result<AllocateClaims, ErrorCode> claim(const AllocateRequest& wanted, const auth::Identity& who,
                                                const base::IpAddress& client, base::TimePoint now);
  void open_relays(Slot slot, const AllocateRequest& wanted, std::optional<PortClaim> reserved, EffectList& out);
  void relay_opened(RelayId which, base::Result<OpenedRelay, OpenError> how, const base::Now& now, EffectList& out);
  void finish_allocate(Slot slot, const base::Now& now, EffectList& out);
  void send_allocated(Slot slot, const ReplyTo& to, EffectList& out);

  // relay_data.cpp
  void take_client_batch(std::span<const ClientDatagram> in, ClientBatch& batch);
  void take_client_chunk(std::span<const ClientDatagram> in, ClientBatch& batch);
  void relay_channel_data(const ClientDatagram& datagram, Slot slot, ClientBatch& batch, Volume& sent);
  [[nodiscard, gnu::noinline]] Slot find_slot(const FiveTupleWords& name, std::uint32_t tag) const;
  void take_peer_batch(RelayId to, std::span<const PeerDatagram> in, const base::Now& now, ClientForwards& relayed);
  [[nodiscard]] PeerRoute find_route(Allocation& allocation, const base::Endpoint& from, const Moment& moment);
  [[nodiscard]] bool relay_to_client(Allocation& allocation, const PeerDatagram& datagram, const PeerRoute& route,
                                     const Moment& moment, ClientForwards& relayed);
  [[nodiscard]] Moment moment(const base::Now& now) const;
  // Within the limits it is counted, else dropped.
  [[nodiscard]] bool admit(Allocation& allocation, Direction direction, std::size_t bytes, const Moment& moment);
  [[nodiscard]] bool may_reach(Channel& channel, const Moment& moment);
  [[nodiscard]] bool ask_policy(Channel& channel);
  [[nodiscard]] bool may_reach(Permission& permission, std::uint16_t port);
  [[nodiscard]] bool has_bandwidth(Allocation& allocation, Direction direction, std::size_t bytes, base::TimePoint now);
  void drop(Allocation& allocation, DropReason why, std::uint64_t packets = 1);

  // lookup.cpp: whose is it, and what may be added to it.
  [[nodiscard]] Slot find_live(const Request& request);
  [[nodiscard]] base::Result<Slot, ErrorCode> find_own(const Request& request, const auth::Authenticated& client);
  [[nodiscard]] bool has_room_for_permissions(Allocation& allocation, std::span<const base::IpAddress> peers,
                                              Tick tick) const;
  void install_permission(Slot slot, const base::IpAddress& peer, base::TimePoint now);
  [[nodiscard]] std::chrono::seconds grant(std::chrono::seconds asked, const Limits& limits) const;

  // ending.cpp: expiry and closing.
  void arm(Slot slot, base::TimePoint now);
  [[nodiscard]] base::TimePoint earliest_deadline(Slot slot, base::TimePoint now) const;
  void expire_due(Slot slot, const base::Now& now, EffectList& out);
  void close(Slot slot, CloseReason reason, const base::Now& now, EffectList& out);
  void close_relay(Slot slot, base::Family family, EffectList& out);
  void release(Slot slot, Channel& channel, EffectList& out);
  void discard(Slot slot);
  [[nodiscard]] EndedSession ended_session(Slot slot, CloseReason reason, const base::Now& now) const;

  // session_view.cpp
  [[nodiscard]] Session describe(Slot slot, const base::Now& now) const;
  [[nodiscard]] Slot find_session(SessionId id) const;

  // replies
  void succeed(const ReplyTo& to, stun::MessageBuilder& reply, EffectList& out);
  void refuse(const ReplyTo& to, ErrorCode code, EffectList& out);
  void count_request(stun::Method method, RequestResult result);

  [[nodiscard]] bool is_consistent() const;
  [[nodiscard]] std::uint64_t random_u64() const;

  std::shared_ptr<const Settings> settings;
  EngineParts parts;
  Engine::Admission admission = Engine::Admission::open;
  AllocationTable table;
  ExpiryQueue expiries;
  TagIndex by_session;                               // tag: the low half of the random id
  std::unordered_map<ClientId, Slot> by_connection;  // streams and DTLS
  ListenerCounts by_listener;                        // UDP and DTLS
  std::deque<base::TimePoint> reservations;          // when those that we keep end; all last equally long
  TransactionIds indications;
  std::array<LeasedBucket, kDirections> total_leases;
  std::size_t sessions = 0;
};

[[gnu::always_inline]] inline bool Engine::State::admit(Allocation& allocation, Direction direction, std::size_t bytes,
                                                        const Moment& moment) {
  if (moment.limits_bandwidth && !has_bandwidth(allocation, direction, bytes, moment.now.monotonic)) {
    drop(allocation, DropReason::bandwidth);
    return false;
  }
  if (allocation.meter_due.is_over(moment.tick)) {
    allocation.details->meter.roll(allocation.volume, moment.now.monotonic);
    allocation.meter_due = Tick::end_at(allocation.details->meter.due());
  }
  Volume& volume = allocation.volume[static_cast<std::size_t>(direction)];
  volume.packets += 1;
  volume.bytes += bytes;
  return true;
}

}  // namespace turnd::turn
