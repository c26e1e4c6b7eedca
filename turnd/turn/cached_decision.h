// CachedDecision: the policy's last answer, with the generation that gave it, in four bytes.
#pragma once

#include <cstdint>

#include "turnd/turn/peer_policy.h"

namespace turnd::turn {

class CachedDecision {
 public:
  // Never current: the policy is asked before the first packet.
  constexpr CachedDecision() = default;
  CachedDecision(const PolicyDecision& decision, std::uint64_t generation)
      : value_(plain_yes(generation).value_ & ~kAllowed) {
    if (decision.allowed) value_ |= kAllowed;
    if (decision.depends_on_relays) value_ |= kDepends;
  }

  // What most packets are compared with: allowed, by this generation, whatever ports are relayed.
  [[nodiscard]] static CachedDecision plain_yes(std::uint64_t generation) {
    CachedDecision yes;
    yes.value_ = static_cast<std::uint32_t>(generation << kFlagBits & 0xFFFFFFFF) | kAsked | kAllowed;
    return yes;
  }
  [[nodiscard]] bool is_current(std::uint64_t generation) const {
    const std::uint32_t differs = value_ ^ plain_yes(generation).value_;
    return differs >> kFlagBits == 0 && (value_ & kAsked) != 0 && (value_ & kDepends) == 0;
  }
  [[nodiscard]] bool allowed() const { return (value_ & kAllowed) != 0; }
  friend bool operator==(const CachedDecision&, const CachedDecision&) = default;

 private:
  static constexpr std::uint32_t kAllowed = 1;
  static constexpr std::uint32_t kDepends = 2;
  static constexpr std::uint32_t kAsked = 4;
  static constexpr int kFlagBits = 3;
  std::uint32_t value_ = 0;
};

}  // namespace turnd::turn
