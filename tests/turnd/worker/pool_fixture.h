// WorkerPoolTest: a pool on loopback, with what its workers told.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/turnd/worker/pool_caller.h"
#include "turnd/worker/worker_pool.h"

namespace turnd::worker {

using namespace std::chrono_literals;

// Thread-safe, as a pool wants it. Told to, it holds the next worker that refuses a credential.
class PoolSink final : public net::SessionSink {
 public:
  void on_session_opened(const turn::Session&) override {}
  void on_session_closed(const turn::EndedSession& session) override {
    const std::lock_guard lock(mutex_);
    reasons_.push_back(session.reason);
  }
  void on_auth_refused(const turn::AuthRefused&) override {
    std::unique_lock lock(mutex_);
    if (grip_ != Grip::wanted) return;
    grip_ = Grip::holds;
    changed_.notify_all();
    changed_.wait(lock, [this] { return grip_ == Grip::none; });
  }

  void hold_next() { set(Grip::wanted); }
  void wait_until_it_holds() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return grip_ == Grip::holds; });
  }
  void let_go() { set(Grip::none); }
  [[nodiscard]] std::vector<turn::CloseReason> reasons() {
    const std::lock_guard lock(mutex_);
    return reasons_;
  }

 private:
  enum class Grip : std::uint8_t { none, wanted, holds };
  void set(Grip grip) {
    const std::lock_guard lock(mutex_);
    grip_ = grip;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Grip grip_ = Grip::none;
  std::vector<turn::CloseReason> reasons_;
};

class WorkerPoolTest : public testing::Test {
 protected:
  static constexpr std::size_t kWorkers = 2;
  // The kernel spreads clients over the workers; so many that each worker has some.
  static constexpr std::size_t kClients = 32;
  // So few that every question of all sessions takes several turns.
  static constexpr std::uint32_t kSessionsPerTurn = 3;

  static net::Listen udp(const base::Endpoint& at) {
    return {base::Transport::udp, at, net::Listen::Origin::configured};
  }
  static base::Endpoint free_port() { return net::UdpSocket().local(); }
  // Nobody else is bound there.
  static bool is_free(const base::Endpoint& at) {
    try {
      const net::UdpSocket socket(base::to_string(at));
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }
  // What is closed while the worker goes on is closed a turn later, with others.
  static bool becomes_free(const base::Endpoint& at) {
    for (int tries = 0; tries < 500 && !is_free(at); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return is_free(at);
  }
  static std::shared_ptr<const auth::CredentialSource> users(const std::vector<std::string>& names) {
    auth::Settings settings;
    settings.realm = "example.org";
    for (const std::string& name : names) settings.users[name] = {.password = base::Secret(name + "-password")};
    return auth::CredentialSource::make(settings, {});
  }
  static Configuration configuration(std::vector<net::Listen> listen) {
    const base::IpAddress loopback = support::address("127.0.0.1");
    Configuration made;
    made.net.listen = std::move(listen);
    made.ports = std::make_shared<turn::RelayPorts>(std::vector<turn::RelayAddress>{{loopback, loopback}},
                                                    turn::PortRange{49152, 65535}, nullptr);
    turn::PolicySurroundings around;
    around.relays = made.ports;
    made.policy = std::make_shared<turn::PeerPolicy>(turn::PeerRules{}, std::move(around), 1);
    made.credentials = users({"alice", "bob"});
    made.challenges_per_ip = 0;
    return made;
  }
  base::Result<std::unique_ptr<WorkerPool>, net::SocketError> try_start(std::vector<net::Listen> listen) {
    return WorkerPool::start({.workers = kWorkers,
                              .configuration = configuration(std::move(listen)),
                              .nonce_key = auth::NonceKey{1},
                              .sink = sink_,
                              .sessions_per_turn = kSessionsPerTurn,
                              .while_waiting = [this] { ++breaths_; }});
  }
  void start() {
    auto started = try_start({udp(server_)});
    ASSERT_TRUE(started) << started.error().why;
    pool_ = std::move(*started);
  }
  // Clients with an allocation each, of two users by turns.
  void allocate_for_everybody() {
    for (std::size_t i = 0; i < kClients; ++i) {
      callers_.emplace_back(server_, i % 2 == 0 ? "alice" : "bob");
      ASSERT_EQ(callers_.back().allocate(), 0);
    }
  }

  base::Endpoint server_ = free_port();
  PoolSink sink_;
  std::size_t breaths_ = 0;  // while it waited for workers
  std::unique_ptr<WorkerPool> pool_;
  std::list<PoolCaller> callers_;
};

}  // namespace turnd::worker
