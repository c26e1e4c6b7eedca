// Channel, and ChannelTable: the channels of an allocation beyond its first ones.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/cached_decision.h"
#include "turnd/turn/tag_index.h"
#include "turnd/turn/tick.h"

namespace turnd::turn {

// RFC 8656 s12: a client waits this long before it reuses the number or the peer of an expired channel;
// we keep both reserved for the same time.
inline constexpr std::chrono::seconds kChannelQuarantine{300};

// Numbers are never 0: that marks an empty place.
struct Channel {
  base::Endpoint peer;
  stun::ChannelNumberValue number;
  bool released = false;  // expired, and said so (ChannelReleased); in quarantine
  Tick expires;
  CachedDecision decision;  // for exactly this peer

  [[nodiscard]] bool is_live(Tick now) const { return !expires.is_over(now); }
  [[nodiscard]] bool is_forgotten(Tick now) const { return expires.plus(kChannelQuarantine).is_over(now); }
};
static_assert(sizeof(Channel) == 32);

// Found by number and by peer in constant time, however many there are.
class ChannelTable {
 public:
  [[nodiscard]] Channel* find(stun::ChannelNumberValue number);
  [[nodiscard]] Channel* find(const base::Endpoint& peer);
  // Neither number nor peer may be in the table.
  Channel& add(const Channel& channel);
  template <class Condition>
  void remove_if(const Condition& condition) {
    if (std::erase_if(channels_, condition) != 0) rebuild();
  }
  [[nodiscard]] std::vector<Channel>& all() { return channels_; }
  [[nodiscard]] const std::vector<Channel>& all() const { return channels_; }
  [[nodiscard]] bool is_consistent() const;

 private:
  void index(std::uint32_t position);
  void rebuild();

  std::vector<Channel> channels_;
  TagIndex by_number_;
  TagIndex by_peer_;
};

}  // namespace turnd::turn
