#include "turnctl/bench_clients.h"

#include <utility>

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
  for (const auto& side : sides_) {
    side->client->set_deadline(deadline);
    side->client->release();
  }
}

Outcome<std::unique_ptr<BenchClients>> BenchClients::open(const Target& target, Deadline deadline) {
  const auto server = reach(target.uri, target.trust, deadline);
  if (!server) return server.error();
  std::unique_ptr<BenchClients> clients(new BenchClients());
  clients->server_ = *server;
  for (std::size_t i = 0; i < target.allocations; ++i)
    if (auto failure = clients->add_side(target, deadline)) return *failure;
  clients->has_peers_ = target.peers.has_value();
  if (auto failure = target.peers ? clients->give_peers(target) : clients->pair_up(target)) return *failure;
  return clients;
}

std::optional<Failure> BenchClients::add_side(const Target& target, Deadline deadline) {
  auto link = open_link(server_, target.uri.transport, target.trust, deadline);
  if (!link) return link.error();
  auto side = std::make_unique<Side>();
  side->link = std::move(*link);
  side->client = std::make_unique<TurnClient>(*side->link, target.login, deadline);
  const auto family = target.peers ? target.peers->family() : server_.address.family();
  const auto relayed = side->client->allocate_either(family);
  if (!relayed)
    return Failure{relayed.error().detail + " (allocation " + std::to_string(sides_.size() + 1) + ")",
                   relayed.error().remedy};
  side->relayed = *relayed;
  sides_.push_back(std::move(side));
  return std::nullopt;
}

std::optional<Failure> BenchClients::pair_up(const Target& target) {
  for (std::size_t i = 0; i < sides_.size(); ++i)
    if (auto failure = sides_[i]->open_way(target, sides_[i ^ 1]->relayed)) return failure;
  return std::nullopt;
}

std::optional<Failure> BenchClients::give_peers(const Target& target) {
  for (const auto& side : sides_) {
    auto peer = peer_lane(*target.peers, side->relayed);
    if (!peer) return peer.error();
    side->peer = std::move(peer->lane);
    if (auto failure = side->open_way(target, peer->local)) return failure;
  }
  return std::nullopt;
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
