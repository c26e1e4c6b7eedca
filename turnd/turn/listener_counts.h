// ListenerCounts: how many clients without a connection came in where.
#pragma once

#include <cstddef>
#include <map>

#include "turnd/base/endpoint.h"

namespace turnd::turn {

// By the address that they sent to: as many entries as this machine has addresses in use, however many clients.
class ListenerCounts {
 public:
  void add(const base::Endpoint& server) { ++counts_[server]; }
  void remove(const base::Endpoint& server) {
    const auto found = counts_.find(server);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }
  // A wildcard address stands for every one of its family.
  [[nodiscard]] std::size_t at(const base::Endpoint& listener) const {
    if (!listener.address.is_unspecified()) {
      const auto found = counts_.find(listener);
      return found == counts_.end() ? 0 : found->second;
    }
    std::size_t count = 0;
    for (const auto& [server, clients] : counts_)
      if (server.port == listener.port && server.address.family() == listener.address.family()) count += clients;
    return count;
  }
  friend bool operator==(const ListenerCounts&, const ListenerCounts&) = default;

 private:
  std::map<base::Endpoint, std::size_t> counts_;  // none is 0
};

}  // namespace turnd::turn
