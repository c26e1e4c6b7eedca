// BenchClients: the allocations of `turnctl bench`, and the ways between them and their peers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "turnctl/bench/lane.h"
#include "turnctl/bench/load.h"
#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnctl/turn_client.h"
#include "turnctl/turn_uri.h"

namespace turnctl {

// One thread's. Every allocation has one channel to its peer, or a permission. The peers are sockets of this machine,
// or, where the server reaches none of those, each other: then a packet is relayed twice on its way.
class BenchClients {
 public:
  struct Target {
    TurnUri uri;
    TlsTrust trust;
    Login login;
    std::size_t allocations = 10;                 // between each other: at least two, an even number
    std::optional<turnd::base::IpAddress> peers;  // of this machine, reached by the server; none: each other
    bool indications = false;                     // instead of channels
  };
  enum class Direction : std::uint8_t { up, down, both };  // to the peers, from them
  // At the first of the host's addresses that answers; several at once, so that a far server's round trips do not add
  // up.
  [[nodiscard]] static Outcome<std::unique_ptr<BenchClients>> open(const Target& target, Deadline deadline);
  ~BenchClients();  // ends the allocations

  // Of each allocation, from and to its peer; borrowed. Clients that are each other's peers have both.
  [[nodiscard]] std::vector<bench::Way> ways(Direction direction) const;
  // How often the server relays a packet on its way.
  [[nodiscard]] std::size_t hops() const { return has_peers_ ? 1 : 2; }
  [[nodiscard]] const turnd::base::Endpoint& server() const { return server_; }

 private:
  struct Side;
  BenchClients();
  // Of one, while others are set up: each touches its own.
  [[nodiscard]] std::optional<Failure> allocate(const Target& target, Deadline deadline,
                                                std::unique_ptr<Side>& out) const;
  [[nodiscard]] std::optional<Failure> pair_up(const Target& target, std::size_t number) const;
  [[nodiscard]] static std::optional<Failure> give_peer(const Target& target, Side& side);
  [[nodiscard]] Failure failure_of(const Failure& first) const;

  turnd::base::Endpoint server_;
  bool has_peers_ = false;
  std::vector<std::unique_ptr<Side>> sides_;
};

}  // namespace turnctl
