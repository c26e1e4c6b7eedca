#include "turnctl/bench_cycles.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "turnctl/cycle_client.h"
#include "turnd/crypto/random.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::Transport;
using Clock = std::chrono::steady_clock;

// Clients are looked at so often, besides when they are ready. One whose cycle failed rests until then.
constexpr auto kTick = 100ms;
constexpr std::uint32_t kFirstPort = 1024;
constexpr std::uint32_t kPorts = 65536 - kFirstPort;
constexpr int kMostPortsTried = 64;

class Run {
 public:
  Run(const CyclesPlan& plan, const CycleClient::Server& server)
      : plan_(plan),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        next_port_(turnd::crypto::uniform(turnd::crypto::system_random, kPorts)) {
    clients_.reserve(plan.clients);
    for (std::size_t i = 0; i < plan.clients; ++i) clients_.emplace_back(server, plan.login);
  }
  ~Run() { ::close(epoll_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  MeasuredCycles run() {
    begin_ = Clock::now();
    end_ = begin_ + plan_.duration;
    auto next_tick = begin_ + kTick;
    for (std::size_t i = 0; i < clients_.size(); ++i) start(i);
    for (auto now = begin_; now < end_ || is_any_busy(); now = Clock::now()) {
      take_what_is_ready();
      if (now < next_tick) continue;
      for (std::size_t i = 0; i < clients_.size(); ++i) look_at(i, now);
      next_tick = now + kTick;
    }
    return measured_;
  }

 private:
  [[nodiscard]] bool is_any_busy() const {
    return std::ranges::any_of(clients_, [](const CycleClient& client) { return client.is_busy(); });
  }

  // One cycle after the other, as long as their answers are there before they are waited for.
  void start(std::size_t index) {
    CycleClient& client = clients_[index];
    for (;;) {
      if (const auto failure = begin(client)) return fail(*failure);
      const auto outcome = client.on_ready();
      if (is_busy(outcome)) return control(EPOLL_CTL_ADD, index);
      if (!may_go_on(client, outcome)) return;
    }
  }
  [[nodiscard]] std::optional<Failure> begin(CycleClient& client) {
    std::optional<Failure> failure = client.begin(plan_.wanted, choose_port());
    for (int i = 1; failure && i < kMostPortsTried && plan_.transport == Transport::udp; ++i)
      failure = client.begin(plan_.wanted, choose_port());
    return failure;
  }
  // TCP's are never used again so soon: the kernel sees to it.
  [[nodiscard]] std::uint16_t choose_port() {
    if (plan_.transport != Transport::udp) return 0;
    return static_cast<std::uint16_t>(kFirstPort + next_port_++ % kPorts);
  }
  void control(int operation, std::size_t index) const {
    epoll_event event{};
    event.events = clients_[index].wants() == CycleClient::Wants::to_write ? EPOLLOUT : EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(epoll_, operation, clients_[index].descriptor(), &event);
  }

  void take_what_is_ready() {
    std::array<epoll_event, 256> ready;
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 1);
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::size_t>(ready[static_cast<std::size_t>(i)].data.u64);
      const CycleClient::Wants before = clients_[index].wants();
      const auto outcome = clients_[index].on_ready();
      settle(index, outcome);
      if (is_busy(outcome) && clients_[index].wants() != before) control(EPOLL_CTL_MOD, index);
    }
  }
  static bool is_busy(const Outcome<CycleClient::Progress>& outcome) {
    return outcome && *outcome == CycleClient::Progress::busy;
  }
  void look_at(std::size_t index, Deadline now) {
    if (clients_[index].is_busy()) return settle(index, clients_[index].on_time(now));
    if (now < end_) start(index);
  }
  void settle(std::size_t index, const Outcome<CycleClient::Progress>& outcome) {
    if (!is_busy(outcome) && may_go_on(clients_[index], outcome)) start(index);
  }
  // Counts a cycle that is over. True: there is time for another.
  [[nodiscard]] bool may_go_on(CycleClient& client, const Outcome<CycleClient::Progress>& outcome) {
    const auto now = Clock::now();
    client.end();
    if (!outcome) {
      fail(outcome.error());
      return false;
    }
    ++measured_.done;
    measured_.latency.add(now - client.begun());
    measured_.time = now - begin_;
    return now < end_;
  }
  void fail(const Failure& failure) {
    ++measured_.failed;
    if (!measured_.first_failure) measured_.first_failure = failure;
  }

  const CyclesPlan& plan_;
  std::vector<CycleClient> clients_;
  int epoll_;
  std::uint32_t next_port_;
  Deadline begin_{};
  Deadline end_{};
  MeasuredCycles measured_;
};

}  // namespace

Outcome<MeasuredCycles> measure_cycles(const CyclesPlan& plan) {
  CycleClient::Server server{plan.server, plan.transport, plan.trust, nullptr};
  if (plan.transport == Transport::tls || plan.transport == Transport::dtls) {
    auto context = make_tls_context(plan.transport, plan.trust);
    if (!context) return context.error();
    server.tls = *context;
  }
  return Run(plan, server).run();
}

}  // namespace turnctl
