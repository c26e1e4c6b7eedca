// CachedDecision: the policy's last answer, with the generation that gave it, in four bytes.
#pragma once

#include <cstdint>

#include "turnd/turn/peer_policy.h"

namespace turnd::turn {

class CachedDecision {
 public:
  // Never current: the policy is asked before the first packet.
  constexpr CachedDecision() = default;
  CachedDecision(const PolicyDecision& decision, std::uint64_t generation) : value_(plain_yes(generation) & ~kAllowed) {
    if (decision.allowed) value_ |= kAllowed;
    if (decision.depends_on_relays) value_ |= kDepends;
  }

  // The one comparison that most packets need: allowed, by this generation, whatever ports are relayed.
  [[nodiscard]] bool is_plain_yes(std::uint64_t generation) const { return value_ == plain_yes(generation); }
  [[nodiscard]] bool is_current(std::uint64_t generation) const {
    return ((value_ ^ plain_yes(generation)) >> 3) == 0 && (value_ & kAsked) != 0 && (value_ & kDepends) == 0;
  }
  [[nodiscard]] bool allowed() const { return (value_ & kAllowed) != 0; }

 private:
  static constexpr std::uint32_t kAllowed = 1;
  static constexpr std::uint32_t kDepends = 2;
  static constexpr std::uint32_t kAsked = 4;
  static constexpr std::uint32_t plain_yes(std::uint64_t generation) {
    return static_cast<std::uint32_t>(generation << 3 & 0xFFFFFFF8) | kAsked | kAllowed;
  }
  std::uint32_t value_ = 0;
};

}  // namespace turnd::turn
