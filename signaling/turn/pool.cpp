#include "signaling/turn/pool.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "signaling/turn/node.h"
#include "signaling/turn/pool_health.h"
#include "turnd/base/percent.h"

namespace signaling::turn {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kSessionsTarget = "/v1/sessions?limit=1000";
constexpr std::uint64_t kPollsASample =
    5;  // turnd's figures are up to a second old: over less than that a rate is none

// Calls `done` after `count` calls of the function it returns.
std::function<void()> after(std::size_t count, std::function<void()> done) {
  if (count == 0) {
    done();
    return [] {};
  }
  const auto left = std::make_shared<std::size_t>(count);
  return [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
}

}  // namespace

class Pool::State : public std::enable_shared_from_this<State> {
 public:
  State(const asio::any_io_executor& executor, PoolSettings settings)
      : settings_(std::move(settings)),
        strand_(asio::make_strand(executor)),
        timer_(strand_),
        history_(settings_.nodes.size()) {
    for (const NodeSettings& node : settings_.nodes) nodes_.push_back(std::make_shared<Node>(strand_, node, settings_));
    note_health();
  }

  template <class Task>
  void post(Task task) {
    asio::post(strand_, [self = shared_from_this(), task = std::move(task)] { task(*self); });
  }

  void start(const OnNodeEvent& on_event, std::function<void()> ready) {
    for (const NodePtr& node : nodes_)
      node->start(on_event, [weak = weak_from_this()](const Node&) {
        if (const auto self = weak.lock()) self->note_health();
      });
    poll(std::move(ready));
  }
  void stop() {
    is_stopped_ = true;
    timer_.cancel();
    for (const NodePtr& node : nodes_) node->stop();
  }
  // As the nodes were when one of them last changed, on any thread; nullopt: one of them has to be asked.
  [[nodiscard]] std::optional<IceServers> ice_at_hand(const std::string& user, turnd::base::WallTime now);
  void ice_servers(const std::string& user, turnd::base::WallTime now, std::function<void(IceServers)> done);
  // As of now or less than an interval ago.
  void stats(std::function<void(PoolStats)> done);
  void sessions(std::function<void(std::vector<NodeSession>)> done) const;
  PoolView view() const;
  void end_sessions(const std::string& user) const {
    for (const NodePtr& node : nodes_)
      if (node->has_control())
        node->control().send({"DELETE", "/v1/sessions?user=" + turnd::base::percent_encoded(user), {}},
                             [](const ControlOutcome&) {
                               // A node that is gone relays nothing.
                             });
  }
  PoolHealth health() const {
    const std::lock_guard lock(mutex_);
    return health_;
  }
  std::uint64_t credentials_given() const { return credentials_given_; }

 private:
  using Clock = asio::steady_timer::clock_type;
  void ask_for_stats(std::function<void(PoolStats)> done) const;
  void poll(std::function<void()> done) {
    if (is_stopped_) return;
    const auto one_less = after(nodes_.size(), [self = shared_from_this(), done = std::move(done)] {
      self->remember();
      self->arm();
      done();
    });
    for (const NodePtr& node : nodes_) node->poll(one_less);
  }
  void remember() {
    if (polls_++ % kPollsASample != 0) return;
    std::vector<std::optional<NodeStatus>> now;
    for (const NodePtr& node : nodes_) now.push_back(node->status());
    history_.add(now);
  }
  void arm() {
    if (is_stopped_ || nodes_.empty()) return;
    timer_.expires_after(settings_.poll_interval);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (!error && self) self->poll([] {});
    });
  }
  void note_health() {
    const PoolHealth health = health_of(nodes_);
    SharedSigners signers = signers_by_load();
    const std::lock_guard lock(mutex_);
    health_ = health;
    signers_ = std::move(signers);
  }
  // Those that clients may be sent to, if each gives its credentials here.
  struct Signer {
    NodePtr node;
    std::vector<std::string> uris;
  };
  using SharedSigners = std::shared_ptr<const std::vector<Signer>>;
  [[nodiscard]] SharedSigners signers_by_load() const {
    std::vector<Signer> signers;
    for (const NodePtr& node : usable_by_load()) {
      if (!node->can_sign()) return nullptr;
      signers.push_back({node, node->uris()});
    }
    return std::make_shared<const std::vector<Signer>>(std::move(signers));
  }
  [[nodiscard]] IceServers finish(const std::vector<NodeOffer>& offers) {
    IceServers ice = assemble(offers);
    ice.has_own_stun = std::ranges::any_of(settings_.nodes, has_stun);
    if (ice.expires) ++credentials_given_;
    return ice;
  }
  std::vector<NodePtr> usable_by_load() const {
    std::vector<NodePtr> usable;
    std::ranges::copy_if(nodes_, std::back_inserter(usable), [](const NodePtr& node) { return node->is_usable(); });
    std::ranges::stable_sort(usable, {}, [](const NodePtr& node) { return node->load(); });
    return usable;
  }
  std::vector<NodePtr> answering() const {
    std::vector<NodePtr> found;
    std::ranges::copy_if(nodes_, std::back_inserter(found),
                         [](const NodePtr& node) { return node->status().has_value(); });
    return found;
  }

  PoolSettings settings_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer timer_;
  std::vector<NodePtr> nodes_;
  bool is_stopped_ = false;
  std::uint64_t polls_ = 0;
  TrafficHistory history_;
  std::optional<PoolStats> known_stats_;
  Clock::time_point known_at_;
  std::vector<std::function<void(PoolStats)>> waiting_for_stats_;
  std::atomic<std::uint64_t> credentials_given_ = 0;
  mutable std::mutex mutex_;
  PoolHealth health_;      // guarded by mutex_
  SharedSigners signers_;  // too
};

std::optional<IceServers> Pool::State::ice_at_hand(const std::string& user, turnd::base::WallTime now) {
  SharedSigners signers;
  {
    const std::lock_guard lock(mutex_);
    signers = signers_;
  }
  if (!signers) return std::nullopt;
  std::vector<NodeOffer> offers;
  for (const Signer& each : *signers) offers.push_back(each.node->sign(user, now, each.uris));
  return finish(offers);
}

void Pool::State::ice_servers(const std::string& user, turnd::base::WallTime now,
                              std::function<void(IceServers)> done) {
  const std::vector<NodePtr> nodes = usable_by_load();
  const auto offers = std::make_shared<std::vector<std::optional<NodeOffer>>>(nodes.size());
  const auto one_less = after(nodes.size(), [self = shared_from_this(), offers, done = std::move(done)] {
    std::vector<NodeOffer> made;
    for (std::optional<NodeOffer>& offer : *offers)
      if (offer) made.push_back(std::move(*offer));
    done(self->finish(made));
  });
  for (std::size_t i = 0; i < nodes.size(); ++i)
    nodes[i]->offer(user, now, [offers, i, one_less](std::optional<NodeOffer> offer) {
      (*offers)[i] = std::move(offer);
      one_less();
    });
}

void Pool::State::stats(std::function<void(PoolStats)> done) {
  if (known_stats_ && Clock::now() - known_at_ < settings_.poll_interval) return done(*known_stats_);
  waiting_for_stats_.push_back(std::move(done));
  if (waiting_for_stats_.size() > 1) return;
  ask_for_stats([self = shared_from_this()](const PoolStats& stats) {
    self->known_stats_ = stats;
    self->known_at_ = Clock::now();
    for (const auto& waiting : std::exchange(self->waiting_for_stats_, {})) waiting(stats);
  });
}

void Pool::State::ask_for_stats(std::function<void(PoolStats)> done) const {
  const auto sum = std::make_shared<PoolStats>();
  const std::vector<NodePtr> nodes = answering();
  for (const NodePtr& node : nodes) {
    sum->allocations += node->status()->allocations;
    sum->clients += node->status()->clients;
    sum->relayed_bytes += node->status()->relayed_bytes;
    sum->uptime = std::max(sum->uptime, node->status()->uptime);
  }
  const auto one_less = after(nodes.size(), [sum, done = std::move(done)] { done(*sum); });
  for (const NodePtr& node : nodes)
    node->control().send({"GET", "/metrics", {}}, [sum, one_less](const ControlOutcome& outcome) {
      if (outcome && outcome->ok()) {
        const NodeCounters counters = parse_node_counters(outcome->body);
        sum->counters.allocations_created += counters.allocations_created;
        sum->counters.stun_requests += counters.stun_requests;
        sum->counters.turn_requests += counters.turn_requests;
        sum->counters.errors += counters.errors;
      }
      one_less();
    });
}

void Pool::State::sessions(std::function<void(std::vector<NodeSession>)> done) const {
  const auto all = std::make_shared<std::vector<NodeSession>>();
  const std::vector<NodePtr> nodes = answering();
  const auto one_less = after(nodes.size(), [all, done = std::move(done)] { done(std::move(*all)); });
  for (const NodePtr& node : nodes)
    node->control().send({"GET", std::string(kSessionsTarget), {}}, [all, one_less](const ControlOutcome& outcome) {
      if (outcome && outcome->ok())
        if (auto page = parse_node_sessions(outcome->body)) std::ranges::move(page->items, std::back_inserter(*all));
      one_less();
    });
}

PoolView Pool::State::view() const {
  PoolView view;
  for (const NodePtr& node : nodes_) view.nodes.push_back({state_of(*node), node->uris(), node->status()});
  view.interval = settings_.poll_interval * kPollsASample;
  view.traffic.assign(history_.samples().begin(), history_.samples().end());
  return view;
}

Pool::Pool(const asio::any_io_executor& executor, PoolSettings settings)
    : state_(std::make_shared<State>(executor, std::move(settings))) {}

Pool::~Pool() { stop(); }

void Pool::start(OnNodeEvent on_event, std::function<void()> ready) {
  state_->post(
      [on_event = std::move(on_event), ready = std::move(ready)](State& state) { state.start(on_event, ready); });
}

void Pool::stop() {
  state_->post([](State& state) { state.stop(); });
}

void Pool::ice_servers(std::string user, turnd::base::WallTime now, std::function<void(IceServers)> done) {
  if (auto ice = state_->ice_at_hand(user, now)) return done(std::move(*ice));
  state_->post(
      [user = std::move(user), now, done = std::move(done)](State& state) { state.ice_servers(user, now, done); });
}

void Pool::stats(std::function<void(PoolStats)> done) {
  state_->post([done = std::move(done)](State& state) { state.stats(done); });
}

void Pool::sessions(std::function<void(std::vector<NodeSession>)> done) {
  state_->post([done = std::move(done)](State& state) { state.sessions(done); });
}

void Pool::view(std::function<void(PoolView)> done) {
  state_->post([done = std::move(done)](const State& state) { done(state.view()); });
}

void Pool::end_sessions(std::string user) {
  state_->post([user = std::move(user)](State& state) { state.end_sessions(user); });
}

PoolHealth Pool::health() const { return state_->health(); }
std::uint64_t Pool::credentials_given() const { return state_->credentials_given(); }

}  // namespace signaling::turn
