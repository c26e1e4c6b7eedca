// Whose allocation a request speaks of, and what every handler adds to it.
#include <algorithm>

#include "turnd/turn/engine_state.h"

namespace turnd::turn {

// An allocation whose time is over is closed on sight: a late timer is never a security hole.
Slot Engine::State::find_live(const Request& request) {
  const Slot slot = table.find(request.datagram.from);
  if (slot == kNone || !table.at(slot).expires.is_over(Tick::at(request.now.monotonic))) return slot;
  close(slot, CloseReason::expired, request.now, request.out);
  return kNone;
}

// RFC 8656 s5: every request after Allocate must come from the user who made the allocation.
base::Result<Slot, ErrorCode> Engine::State::find_own(const Request& request, const auth::Authenticated& client) {
  const Slot slot = find_live(request);
  if (slot == kNone || table.at(slot).state == Allocation::State::opening) return ErrorCode::allocation_mismatch;
  const auth::Identity& owner = table.at(slot).details->owner.identity;
  if (owner.username == client.who().username && owner.realm == client.who().realm) return slot;
  constexpr auto reason = auth::RefusalReason::wrong_credentials;
  parts.counters.auth_refused[static_cast<std::size_t>(reason)].add();
  request.out.emplace_back(AuthRefused{request.datagram.from, reason, client.who().username});
  return ErrorCode::wrong_credentials;
}

// `peers` holds no address twice. Only live permissions count: dead ones are swept within a second.
bool Engine::State::has_room_for_permissions(Allocation& allocation, std::span<const base::IpAddress> peers,
                                             Tick tick) const {
  const std::size_t limit = allocation.details->settings->limits.permissions;
  const auto is_new = [&](const base::IpAddress& peer) {
    const Permission* known = allocation.find_permission(peer);
    return known == nullptr || !known->is_live(tick);
  };
  const auto added = static_cast<std::size_t>(std::ranges::count_if(peers, is_new));
  // Those that are over are told from the others only where it may make the difference.
  if (limit == 0 || added == 0 || allocation.permission_count() + added <= limit) return true;
  std::size_t live = 0;
  allocation.for_each_permission([&](const Permission& each) { live += each.is_live(tick) ? 1 : 0; });
  return live + added <= limit;
}

void Engine::State::install_permission(Slot slot, const base::IpAddress& peer, base::TimePoint now) {
  Allocation& allocation = table.at(slot);
  const base::TimePoint until = now + allocation.details->settings->limits.permission_lifetime;
  Permission* permission = allocation.find_permission(peer);
  if (permission == nullptr) permission = &allocation.add_permission({peer, true, 0, {}, {}});
  permission->expires = Tick::end_at(until);
  expiries.arm_earlier(slot, permission->expires.near(now));
}

// RFC 8656 s7.2: what was asked for, but not less than the default nor more than the maximum.
std::chrono::seconds Engine::State::grant(std::chrono::seconds asked, const Limits& limits) const {
  return std::min(std::max(asked, limits.lifetime), limits.max_lifetime);
}

}  // namespace turnd::turn
