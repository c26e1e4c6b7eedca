#include "turnctl/bench_clients.h"

#include <algorithm>
#include <string>
#include <utility>

#include "turnctl/at_once.h"
#include "turnctl/bench_lanes.h"
#include "turnctl/reach.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::Endpoint;
using Clock = std::chrono::steady_clock;

constexpr turnd::stun::ChannelNumberValue kChannel{0x4000};
// All of them together: what is not ended by then ends by itself.
constexpr auto kRelease = 3s;

}  // namespace

struct BenchClients::Side {
  std::unique_ptr<Link> link;
  std::unique_ptr<TurnClient> client;
  Endpoint relayed;
  std::unique_ptr<bench::Lane> lane;
  std::unique_ptr<bench::Lane> peer;  // null: another side

  [[nodiscard]] std::optional<Failure> open_way(const Target& target, const Endpoint& to) {
    const auto done = target.indications ? client->create_permission(to.address) : client->bind_channel(kChannel, to);
    if (!done) return done.error();
    lane = target.indications ? indication_lane(*link, to) : client_lane(*link, kChannel, target.uri.transport);
    return std::nullopt;
  }
};

BenchClients::BenchClients() = default;

BenchClients::~BenchClients() {
  const Deadline deadline = Clock::now() + kRelease;
  (void)at_once(sides_.size(), [&](std::size_t i) -> std::optional<Failure> {
    if (!sides_[i]) return std::nullopt;  // one that was not set up
    sides_[i]->client->set_deadline(deadline);
    sides_[i]->client->release();
    return std::nullopt;
  });
}

Failure BenchClients::failure_of(const Failure& first) const {
  const auto stand = std::ranges::count_if(sides_, [](const auto& side) { return side != nullptr; });
  return {first.detail + " (" + std::to_string(stand) + " of " + std::to_string(sides_.size()) + " allocations stand)",
          first.remedy};
}

Outcome<std::unique_ptr<BenchClients>> BenchClients::open(const Target& target, Deadline deadline) {
  const auto server = reach(target.uri, target.trust, deadline);
  if (!server) return server.error();
  std::unique_ptr<BenchClients> clients(new BenchClients());
  clients->server_ = *server;
  clients->sides_.resize(target.allocations);
  auto failure = at_once(target.allocations,
                         [&](std::size_t i) { return clients->allocate(target, deadline, clients->sides_[i]); });
  if (failure) return clients->failure_of(*failure);
  clients->has_peers_ = target.peers.has_value();
  failure = at_once(target.allocations, [&](std::size_t i) {
    return target.peers ? clients->give_peer(target, *clients->sides_[i]) : clients->pair_up(target, i);
  });
  if (failure) return *failure;
  return clients;
}

std::optional<Failure> BenchClients::allocate(const Target& target, Deadline deadline,
                                              std::unique_ptr<Side>& out) const {
  auto link = open_link(server_, target.uri.transport, target.trust, deadline);
  if (!link) return link.error();
  auto side = std::make_unique<Side>();
  side->link = std::move(*link);
  side->client = std::make_unique<TurnClient>(*side->link, target.login, deadline);
  const auto family = target.peers ? target.peers->family() : server_.address.family();
  const auto relayed = side->client->allocate_either(family);
  if (!relayed) return relayed.error();
  side->relayed = *relayed;
  out = std::move(side);
  return std::nullopt;
}

std::optional<Failure> BenchClients::pair_up(const Target& target, std::size_t number) const {
  return sides_[number]->open_way(target, sides_[number ^ 1]->relayed);
}

std::optional<Failure> BenchClients::give_peer(const Target& target, Side& side) {
  auto peer = peer_lane(*target.peers, side.relayed);
  if (!peer) return peer.error();
  side.peer = std::move(peer->lane);
  return side.open_way(target, peer->local);
}

std::vector<bench::Way> BenchClients::ways(Direction direction) const {
  std::vector<bench::Way> all;
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    bench::Lane& client = *sides_[i]->lane;
    if (!has_peers_) {
      all.push_back({client, *sides_[i ^ 1]->lane});
      continue;
    }
    if (direction != Direction::down) all.push_back({client, *sides_[i]->peer});
    if (direction != Direction::up) all.push_back({*sides_[i]->peer, client});
  }
  return all;
}

}  // namespace turnctl
