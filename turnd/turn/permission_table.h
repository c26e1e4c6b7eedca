// Permission, and PermissionTable: the permissions of an allocation beyond its first one (RFC 8656 s9).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/turn/cached_decision.h"
#include "turnd/turn/tag_index.h"
#include "turnd/turn/tick.h"

namespace turnd::turn {

// RFC 8656 s9: for an address, whatever the port; refreshed by CreatePermission and ChannelBind only,
// never by traffic. The policy looks at ports too, so its answer is kept for the port asked last.
struct Permission {
  base::IpAddress address;
  bool installed = false;  // false marks an empty place
  std::uint16_t asked_port = 0;
  Tick expires;
  CachedDecision decision;  // for `address` and `asked_port`

  [[nodiscard]] bool is_live(Tick now) const { return !expires.is_over(now); }
};
static_assert(sizeof(Permission) == 28);

class PermissionTable {
 public:
  [[nodiscard]] Permission* find(const base::IpAddress& address);
  // The address must not be in the table.
  Permission& add(const Permission& permission);
  template <class Condition>
  void remove_if(const Condition& condition) {
    if (std::erase_if(permissions_, condition) != 0) rebuild();
  }
  [[nodiscard]] const std::vector<Permission>& all() const { return permissions_; }
  [[nodiscard]] bool is_consistent() const;

 private:
  void index(std::uint32_t position);
  void rebuild();

  std::vector<Permission> permissions_;
  TagIndex by_address_;
};

}  // namespace turnd::turn
