#include "turnd/worker/worker_pool.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <set>
#include <thread>

#include "tests/turnd/worker/pool_fixture.h"

namespace turnd::worker {
namespace {

TEST_F(WorkerPoolTest, OpensEveryListenerInEveryWorker) {
  const net::Listen tcp{base::Transport::tcp, server_, net::Listen::Origin::configured};
  auto started = try_start({udp(server_), tcp});
  ASSERT_TRUE(started) << started.error().why;
  pool_ = std::move(*started);

  allocate_for_everybody();

  EXPECT_EQ(pool_->size(), kWorkers);
  EXPECT_TRUE(pool_->skipped().empty());
  ASSERT_EQ(pool_->counters().size(), kWorkers);
  for (const turn::WorkerCounters* each : pool_->counters()) EXPECT_GT(each->sessions.value(), 0u);
  const std::vector<ListenerStatus> listeners = pool_->listeners();
  ASSERT_EQ(listeners.size(), 2u);
  EXPECT_EQ(listeners[0].listen, udp(server_));
  EXPECT_GT(listeners[0].receive_buffer, 0u);
  EXPECT_EQ(listeners[0].clients, kClients);
  EXPECT_EQ(listeners[1].listen, tcp);
  EXPECT_FALSE(listeners[1].receive_buffer);
  EXPECT_EQ(listeners[1].clients, 0u);
}

TEST_F(WorkerPoolTest, StartsWithEveryListenerOrNotAtAll) {
  const net::UdpSocket taken;
  for (const auto origin : {net::Listen::Origin::configured, net::Listen::Origin::built_in}) {
    const auto started = try_start({udp(server_), {base::Transport::udp, taken.local(), origin}});

    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, EADDRINUSE);
    EXPECT_EQ(started.error().what, "udp://" + base::to_string(taken.local()));
    EXPECT_TRUE(is_free(server_));
  }
}

// From now on this thread, and those that it starts, are on a machine without IPv6.
bool lose_ipv6() {
  constexpr auto kNumber = static_cast<unsigned>(offsetof(seccomp_data, nr));
  constexpr auto kFamily = static_cast<unsigned>(offsetof(seccomp_data, args));  // its lower half, on little endian
  std::array<sock_filter, 6> filter{
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFamily), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog program{filter.size(), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(WorkerPoolTest, LeavesOutADefaultListenerOfAFamilyThatTheMachineLacks) {
  const base::Endpoint any{support::address("::"), server_.port};
  const net::Listen built_in{base::Transport::udp, any, net::Listen::Origin::built_in};
  std::thread([&] {
    if (!lose_ipv6()) GTEST_SKIP() << "the kernel takes no filter";
    const auto refused = try_start({udp(server_), udp(any)});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, EAFNOSUPPORT);

    auto started = try_start({built_in, udp(server_)});
    ASSERT_TRUE(started) << started.error().why;
    pool_ = std::move(*started);
    EXPECT_EQ(pool_->skipped(), std::vector{built_in});
    EXPECT_EQ(pool_->listeners().size(), 1u);
    EXPECT_FALSE(pool_->replace(configuration({built_in, udp(server_)})));
    ASSERT_EQ(pool_->listeners().size(), 1u);
    EXPECT_EQ(pool_->listeners()[0].listen, udp(server_));
  }).join();
}

TEST_F(WorkerPoolTest, StopsWhenItGoes) {
  start();
  allocate_for_everybody();

  pool_.reset();

  EXPECT_TRUE(is_free(server_));
  for (const PoolCaller& caller : callers_) EXPECT_TRUE(is_free(caller.relayed()));
}

TEST_F(WorkerPoolTest, ShowsTheSessionsOfAllWorkersOldestFirst) {
  start();
  allocate_for_everybody();

  const std::vector<turn::Session> sessions = pool_->sessions();

  EXPECT_EQ(pool_->session_count(), kClients);
  ASSERT_EQ(sessions.size(), kClients);
  EXPECT_TRUE(std::ranges::is_sorted(sessions, {}, &turn::Session::created));
  for (auto caller = callers_.begin(); const turn::Session& session : sessions) {
    EXPECT_EQ(session.relayed, std::vector{(caller++)->relayed()});
    const auto same = pool_->session(session.id);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->tuple, session.tuple);
  }
  EXPECT_FALSE(pool_->session({}));
}

TEST_F(WorkerPoolTest, ShowsTheFirstOfThoseThatAreWanted) {
  start();
  allocate_for_everybody();
  SessionQuery query;
  query.which = [](const turn::SessionGlance& session) { return session.username == "bob"; };
  query.limit = 5;

  const auto first = pool_->sessions(query);
  query.after = first.back().place();
  const auto then = pool_->sessions(query);

  ASSERT_EQ(first.size(), 5u);
  ASSERT_EQ(then.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(first[i].relayed, std::vector{std::next(callers_.begin(), 2 * i + 1)->relayed()});
    EXPECT_EQ(then[i].relayed, std::vector{std::next(callers_.begin(), 2 * i + 11)->relayed()});
  }
  EXPECT_EQ(pool_->sessions_by_user(), (SessionTally{{"alice", kClients / 2}, {"bob", kClients / 2}}));
}

TEST_F(WorkerPoolTest, HasClosedSessionsWhenItSaysSo) {
  start();
  allocate_for_everybody();

  const std::size_t closed = pool_->close_sessions(
      [](const turn::SessionGlance& session) { return session.username == "alice"; }, turn::CloseReason::killed);

  EXPECT_EQ(closed, kClients / 2);
  EXPECT_EQ(pool_->session_count(), kClients / 2);
  EXPECT_EQ(sink_.reasons(), std::vector(closed, turn::CloseReason::killed));
  EXPECT_TRUE(becomes_free(callers_.front().relayed()));
  EXPECT_EQ(callers_.front().refresh(), 437);
  EXPECT_EQ(callers_.back().refresh(), 0);
}

TEST_F(WorkerPoolTest, ClosesOneSessionOnce) {
  start();
  allocate_for_everybody();
  const turn::SessionId id = pool_->sessions().front().id;

  EXPECT_TRUE(pool_->close_session(id, turn::CloseReason::killed));
  EXPECT_FALSE(pool_->close_session(id, turn::CloseReason::killed));

  EXPECT_FALSE(pool_->session(id));
  EXPECT_EQ(pool_->session_count(), kClients - 1);
}

TEST_F(WorkerPoolTest, AReloadOpensNewListenersAndEndsOldOnes) {
  start();
  const base::Endpoint before = std::exchange(server_, free_port());

  EXPECT_FALSE(pool_->replace(configuration({udp(server_)})));

  EXPECT_TRUE(is_free(before));
  ASSERT_EQ(pool_->listeners().size(), 1u);
  EXPECT_EQ(pool_->listeners()[0].listen, udp(server_));
  allocate_for_everybody();
}

TEST_F(WorkerPoolTest, AReloadThatCannotOpenAListenerLeavesEverythingAsItWas) {
  start();
  const net::UdpSocket taken;
  const base::Endpoint free = free_port();
  Configuration refused = configuration({udp(free), udp(taken.local())});
  refused.turn.limits.allocations = 1;
  refused.credentials = users({});

  const auto error = pool_->replace(refused);

  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, EADDRINUSE);
  EXPECT_EQ(error->what, "udp://" + base::to_string(taken.local()));
  EXPECT_TRUE(is_free(free));
  ASSERT_EQ(pool_->listeners().size(), 1u);
  EXPECT_EQ(pool_->listeners()[0].listen, udp(server_));
  allocate_for_everybody();
}

TEST_F(WorkerPoolTest, GivesEveryWorkerNewLimitsAndCredentials) {
  start();
  Configuration fresh = configuration({udp(server_)});
  fresh.turn.limits.allocations = 1;
  ASSERT_FALSE(pool_->replace(fresh));
  EXPECT_EQ(PoolCaller(server_).allocate(), 0);
  for (std::size_t i = 0; i < kClients; ++i) EXPECT_EQ(PoolCaller(server_).allocate(), 508);

  pool_->replace_credentials(users({"bob"}));
  for (std::size_t i = 0; i < kClients; ++i) EXPECT_EQ(PoolCaller(server_, "alice").allocate(), 401);
}

TEST_F(WorkerPoolTest, LetsNobodyInWhileAdmissionIsClosed) {
  start();

  pool_->set_admission(turn::Engine::Admission::closed);
  for (std::size_t i = 0; i < kClients; ++i) EXPECT_EQ(PoolCaller(server_).allocate(), 508);

  pool_->set_admission(turn::Engine::Admission::open);
  allocate_for_everybody();
}

TEST_F(WorkerPoolTest, AWorkerThatHangsIsLeftOutAndNoticed) {
  start();
  allocate_for_everybody();
  EXPECT_TRUE(pool_->all_alive());
  (void)pool_->sessions();  // asked after the signs of life, and so answered after them
  EXPECT_TRUE(pool_->all_alive());

  sink_.hold_next();
  callers_.front().send_with_a_wrong_password();
  sink_.wait_until_it_holds();
  breaths_ = 0;
  const std::size_t answered = pool_->sessions().size();
  (void)pool_->all_alive();

  EXPECT_GE(breaths_, 4u) << "who asks shows that it lives, all the while";

  EXPECT_GT(answered, 0u);
  EXPECT_LT(answered, kClients);
  EXPECT_EQ(pool_->session_count(), kClients);
  EXPECT_FALSE(pool_->all_alive());

  sink_.let_go();
  EXPECT_EQ(pool_->sessions().size(), kClients);
  EXPECT_TRUE(pool_->all_alive());
}

}  // namespace
}  // namespace turnd::worker
