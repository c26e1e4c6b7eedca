// Allocation: what a packet needs, in three cache lines; AllocationDetails: all the rest.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnd/auth/credential_source.h"
#include "turnd/base/clock.h"
#include "turnd/stun/types.h"
#include "turnd/turn/bandwidth.h"
#include "turnd/turn/channel_table.h"
#include "turnd/turn/drop_reason.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"
#include "turnd/turn/permission_table.h"
#include "turnd/turn/quota_ledger.h"
#include "turnd/turn/reply_to.h"
#include "turnd/turn/reservation_board.h"
#include "turnd/turn/settings.h"
#include "turnd/turn/tick.h"
#include "turnd/turn/traffic_meter.h"

namespace turnd::turn {

// One relayed transport address. A dual allocation has one of each family (RFC 8656 s7.2).
struct Relay {
  enum class State : std::uint8_t { absent, opening, open } state = State::absent;
  bool reserves_next = false;  // EVEN-PORT with R
  int error = 0;               // why there is none of this family; told in ADDRESS-ERROR-CODE
  RelayId id;
  base::Endpoint advertised;
  base::TimePoint expires;
};

// Touched by requests, by the operator and when a limit is set, never by an unlimited packet.
struct AllocationDetails {
  AllocationDetails(auth::Candidate credential, QuotaUnit unit, std::shared_ptr<const Settings> in_force)
      : owner(std::move(credential)), settings(std::move(in_force)), quota(std::move(unit)) {}

  SessionId id;
  ClientId via;
  auth::Candidate owner;
  // Those in force when the allocation was made: a reload changes limits for new allocations only.
  std::shared_ptr<const Settings> settings;
  QuotaUnit quota;
  std::array<Relay, base::kFamilies.size()> relays;
  base::Now created;

  // For the answer to a retransmission, which must be the same.
  stun::TransactionId transaction{};
  std::chrono::seconds granted{};
  std::optional<Token> token;
  // EVEN-PORT with R, until the relay is open: the reservation's.
  std::optional<QuotaUnit> reservation_quota;
  // While a relay is opening.
  std::optional<ReplyTo> waiting;

  TrafficMeter meter;
  std::array<TokenBucket, kDirections> buckets;
  std::array<LeasedBucket, kDirections> leases;  // of the user's bandwidth
  std::array<std::uint64_t, kDropReasons> drops{};
  ChannelTable more_channels;
  PermissionTable more_permissions;

  [[nodiscard]] Relay& relay(base::Family family) { return relays[static_cast<std::size_t>(family)]; }
  [[nodiscard]] const Relay& relay(base::Family family) const { return relays[static_cast<std::size_t>(family)]; }
  [[nodiscard]] bool has_open_relay(base::Family family) const { return relay(family).state == Relay::State::open; }
};

class alignas(64) Allocation {
 public:
  enum class State : std::uint8_t {
    vacant,   // a slot without an allocation
    opening,  // its relays were asked for
    live,
  };

  // First line: which one, and may it be used.
  FiveTupleWords words{};
  State state = State::vacant;
  bool relays_expire_apart = false;  // a dual one of which one family was refreshed alone
  Tick expires;
  Tick meter_due;            // when traffic rolls the rates
  std::uint32_t serial = 0;  // which use of the slot this is
  std::unique_ptr<AllocationDetails> details;

  // Second and third: packets and bytes by direction, the first channels, the first permission.
  std::array<Volume, kDirections> volume{};

  [[nodiscard]] FiveTuple tuple() const { return words.tuple(); }
  [[nodiscard]] bool is_usable(Tick now) const { return state == State::live && !expires.is_over(now); }
  // False also when this family's relay has gone or expired before the other's.
  [[nodiscard]] bool relays(base::Family family, Tick now) const;

  [[nodiscard]] Channel* find_channel(stun::ChannelNumberValue number) {
    for (Channel& channel : first_channels_)
      if (channel.number == number) return &channel;
    return has_more_channels_ ? details->more_channels.find(number) : nullptr;
  }
  [[nodiscard]] Channel* find_channel(const base::Endpoint& peer) {
    for (Channel& channel : first_channels_)
      if (is_same(channel.peer, peer) && channel.number.value != 0) return &channel;
    return has_more_channels_ ? details->more_channels.find(peer) : nullptr;
  }
  [[nodiscard]] Permission* find_permission(const base::IpAddress& peer) {
    if (is_same(first_permission_.address, peer) && first_permission_.installed) return &first_permission_;
    return has_more_permissions_ ? details->more_permissions.find(peer) : nullptr;
  }
  // Neither its number nor its peer is bound.
  Channel& add_channel(const Channel& channel);
  // The address has no permission.
  Permission& add_permission(const Permission& permission);

  // All that are known: those that are over too, until they are forgotten.
  [[nodiscard]] std::size_t channel_count() const;
  [[nodiscard]] std::size_t permission_count() const;

  template <class Visit>
  void for_each_channel(const Visit& visit) {
    for (Channel& channel : first_channels_)
      if (channel.number.value != 0) visit(channel);
    for (Channel& channel : details->more_channels.all()) visit(channel);
  }
  template <class Visit>
  void for_each_channel(const Visit& visit) const {
    for (const Channel& channel : first_channels_)
      if (channel.number.value != 0) visit(channel);
    for (const Channel& channel : std::as_const(details->more_channels).all()) visit(channel);
  }
  template <class Visit>
  void for_each_permission(const Visit& visit) const {
    if (first_permission_.installed) visit(first_permission_);
    for (const Permission& permission : details->more_permissions.all()) visit(permission);
  }
  template <class Condition>
  void remove_channels_if(const Condition& condition) {
    for (Channel& channel : first_channels_)
      if (channel.number.value != 0 && condition(std::as_const(channel))) channel = {};
    details->more_channels.remove_if(condition);
    has_more_channels_ = !details->more_channels.all().empty();
  }
  template <class Condition>
  void remove_permissions_if(const Condition& condition) {
    if (first_permission_.installed && condition(std::as_const(first_permission_))) first_permission_ = {};
    details->more_permissions.remove_if(condition);
    has_more_permissions_ = !details->more_permissions.all().empty();
  }

  // Back to a vacant slot; everything that the allocation owned is given back.
  void vacate();
  [[nodiscard]] bool is_consistent() const;

 private:
  std::array<Channel, 2> first_channels_;
  Permission first_permission_;
  bool has_more_channels_ = false;
  bool has_more_permissions_ = false;
};
static_assert(sizeof(Allocation) == 192);

}  // namespace turnd::turn
