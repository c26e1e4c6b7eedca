#include "turnd/turn/permission_table.h"

namespace turnd::turn {

namespace {

std::uint32_t tag_of(const base::IpAddress& address) { return static_cast<std::uint32_t>(base::hash_value(address)); }

}  // namespace

Permission* PermissionTable::find(const base::IpAddress& address) {
  const std::uint32_t at = by_address_.find(
      tag_of(address), [&](std::uint32_t position) { return permissions_[position].address == address; });
  return at == TagIndex::kNone ? nullptr : &permissions_[at];
}

Permission& PermissionTable::add(const Permission& permission) {
  permissions_.push_back(permission);
  index(static_cast<std::uint32_t>(permissions_.size() - 1));
  return permissions_.back();
}

void PermissionTable::index(std::uint32_t position) {
  by_address_.insert(tag_of(permissions_[position].address), position);
}

void PermissionTable::rebuild() {
  by_address_.clear();
  for (std::uint32_t position = 0; position < permissions_.size(); ++position) index(position);
}

bool PermissionTable::is_consistent() const {
  if (by_address_.size() != permissions_.size()) return false;
  for (std::uint32_t position = 0; position < permissions_.size(); ++position) {
    const auto is_it = [&](std::uint32_t other) { return other == position; };
    if (by_address_.find(tag_of(permissions_[position].address), is_it) != position) return false;
  }
  return true;
}

}  // namespace turnd::turn
