#include "turnd/turn/session_glance.h"

#include <algorithm>

#include "turnd/turn/allocation.h"

namespace turnd::turn {

SessionGlance::SessionGlance(const Allocation& allocation, Tick now)
    : id(allocation.details->id),
      username(allocation.details->owner.identity.username),
      user(allocation.details->owner.identity.user()),
      secret_id(allocation.details->owner.identity.secret_id),
      tuple(allocation.tuple()),
      created(allocation.details->created.wall),
      allocation_(&allocation),
      now_(now) {}

SessionGlance::SessionGlance(const Session& session)
    : id(session.id),
      username(session.username),
      user(session.user),
      secret_id(session.secret_id),
      tuple(session.tuple),
      created(session.created),
      session_(&session) {}

bool SessionGlance::has_permission(const base::IpAddress& peer) const {
  if (session_ != nullptr)
    return std::ranges::find(session_->permissions, peer, &SessionPermission::address) != session_->permissions.end();
  bool found = false;
  allocation_->for_each_permission(
      [&](const Permission& each) { found = found || (each.is_live(now_) && each.address == peer); });
  return found;
}

template <class Fits>
bool SessionGlance::any_channel(const Fits& fits) const {
  if (session_ != nullptr) return std::ranges::any_of(session_->channels, fits, &SessionChannel::peer);
  bool found = false;
  allocation_->for_each_channel([&](const Channel& each) { found = found || (each.is_live(now_) && fits(each.peer)); });
  return found;
}

bool SessionGlance::has_channel(const base::IpAddress& peer) const {
  return any_channel([&](const base::Endpoint& each) { return each.address == peer; });
}
bool SessionGlance::has_channel(const base::Endpoint& peer) const {
  return any_channel([&](const base::Endpoint& each) { return each == peer; });
}

}  // namespace turnd::turn
