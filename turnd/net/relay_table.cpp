#include "turnd/net/relay_table.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

namespace turnd::net {

bool RelayTable::add(std::unique_ptr<RelaySocket> socket) {
  if (!poller_.add(socket->descriptor(), EPOLLIN, *socket)) return false;
  const turn::RelayId id = socket->id();
  open_.insert_or_assign(id, std::move(socket));
  return true;
}

RelaySocket* RelayTable::find(turn::RelayId id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : found->second.get();
}

void RelayTable::retire(turn::RelayId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  poller_.remove(found->second->descriptor(), *found->second);
  retired_.push_back(std::move(found->second));
  open_.erase(found);
}

void RelayTable::close_retired(std::size_t at_most) {
  retired_.resize(retired_.size() - std::min(at_most, retired_.size()));
}

}  // namespace turnd::net
