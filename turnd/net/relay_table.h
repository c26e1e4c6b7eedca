// RelayTable: the relay sockets of one worker, those that are open and those that wait to be closed.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "turnd/net/poller.h"
#include "turnd/net/relay_socket.h"
#include "turnd/turn/ids.h"

namespace turnd::net {

// Closing a socket costs 2.5 us: ten thousand sessions that end together must not hold up those that go on.
// What is retired hears and sends nothing any more, but holds its descriptor and its port until it is closed.
class RelayTable {
 public:
  explicit RelayTable(Poller& poller) : poller_(poller) {}

  // False when the kernel does not watch one more descriptor; the socket is then closed.
  [[nodiscard]] bool add(std::unique_ptr<RelaySocket> socket);
  [[nodiscard]] RelaySocket* find(turn::RelayId id) const;
  void retire(turn::RelayId id);
  void close_retired(std::size_t at_most);

  [[nodiscard]] std::size_t size() const { return open_.size(); }
  [[nodiscard]] std::size_t retired() const { return retired_.size(); }

 private:
  Poller& poller_;
  std::unordered_map<turn::RelayId, std::unique_ptr<RelaySocket>> open_;
  std::vector<std::unique_ptr<RelaySocket>> retired_;
};

}  // namespace turnd::net
