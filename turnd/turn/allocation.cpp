#include "turnd/turn/allocation.h"

#include <algorithm>
#include <utility>

namespace turnd::turn {

bool Allocation::relays(base::Family family, Tick now) const {
  const Relay& relay = details->relay(family);
  if (relay.state != Relay::State::open) return false;
  return !relays_expire_apart || !Tick::end_at(relay.expires).is_over(now);
}

Channel& Allocation::add_channel(const Channel& channel) {
  for (Channel& place : first_channels_) {
    if (place.number.value != 0) continue;
    place = channel;
    return place;
  }
  has_more_channels_ = true;
  return details->more_channels.add(channel);
}

Permission& Allocation::add_permission(const Permission& permission) {
  if (!first_permission_.installed) {
    first_permission_ = permission;
    return first_permission_;
  }
  has_more_permissions_ = true;
  return details->more_permissions.add(permission);
}

std::size_t Allocation::channel_count() const {
  const auto first = std::ranges::count_if(first_channels_, [](const Channel& each) { return each.number.value != 0; });
  return static_cast<std::size_t>(first) + std::as_const(details->more_channels).all().size();
}

std::size_t Allocation::permission_count() const {
  return (first_permission_.installed ? 1 : 0) + details->more_permissions.all().size();
}

void Allocation::vacate() {
  const std::uint32_t used = serial;
  *this = Allocation();
  serial = used;
}

bool Allocation::is_consistent() const {
  if (state == State::vacant) return details == nullptr;
  if (details == nullptr) return false;
  if (has_more_channels_ == details->more_channels.all().empty()) return false;
  if (has_more_permissions_ == details->more_permissions.all().empty()) return false;
  if (!details->more_channels.is_consistent() || !details->more_permissions.is_consistent()) return false;
  return (state == State::opening) == details->waiting.has_value();
}

}  // namespace turnd::turn
