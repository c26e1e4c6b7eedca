#include "turnd/worker/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "turnd/worker/shared_quota.h"
#include "turnd/worker/shared_reservations.h"
#include "turnd/worker/worker.h"

namespace turnd::worker {
namespace {

// All sessions of a machine, as long as some go at every step. The service manager waits longer for the end.
constexpr std::chrono::seconds kUntilAllAreClosed{45};

struct Done {};

// What was relayed below the sockets, into a worker's figures: a part in each step, and true once all is there.
class Collection {
 public:
  bool step(Worker& worker, const base::Now& now) {
    if (next_) next_ = worker.collect_offloaded(*next_, now);
    return !next_;
  }

 private:
  std::optional<ChannelLeases::Place> next_ = ChannelLeases::Place{};
};

// `next` until it has an answer, once in a turn of the worker's loop.
template <class Next, class Answer>
bool post_step(Worker& worker, std::shared_ptr<Next> next, std::shared_ptr<Answers<Answer>> answers) {
  Worker* self = &worker;
  return worker.mailbox().post([=](const base::Now& now) {
    if (auto answer = (*next)(*self, now)) return answers->give(std::move(*answer));
    answers->take_a_step();
    (void)post_step(*self, next, answers);
  });
}

}  // namespace

struct WorkerPool::State {
  State(const turn::Limits& limits) : quota(limits) {}

  SharedQuota quota;
  SharedReservations reservations;
  bool has_offload = false;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::vector<net::Listen> listeners;  // open ones
  std::vector<net::Listen> skipped;
  std::vector<std::shared_ptr<std::atomic<bool>>> signs_of_life;
  std::uint32_t sessions_per_turn = kSessionsPerTurn;
  Patience patience;
  std::function<void()> while_waiting;

  // Asks every worker on its own thread; `question` is copied into each mailbox and may not borrow.
  template <class Question>
  auto ask(Question question) const {
    using Answer = decltype(question(std::declval<Worker&>(), std::declval<const base::Now&>()));
    auto answers = std::make_shared<Answers<Answer>>();
    std::size_t asked = 0;
    for (const auto& worker : workers) {
      Worker* self = worker.get();
      asked += self->mailbox().post([=](const base::Now& now) { answers->give(question(*self, now)); }) ? 1 : 0;
    }
    return answers->wait_for(asked, patience, while_waiting);
  }
  // The same for a question of several turns, of which each worker has a copy: nothing, while there is more to do.
  template <class Question>
  auto ask_by_turns(const Question& question, const std::optional<Patience>& another = {}) const {
    using Step = decltype(std::declval<Question&>()(std::declval<Worker&>(), std::declval<const base::Now&>()));
    using Answer = typename Step::value_type;
    auto answers = std::make_shared<Answers<Answer>>();
    std::size_t asked = 0;
    for (const auto& worker : workers)
      asked += post_step(*worker, std::make_shared<Question>(question), answers) ? 1 : 0;
    return answers->wait_for(asked, another.value_or(patience), while_waiting);
  }
  std::size_t close(const turn::SessionPredicate& which, turn::CloseReason reason, const Patience& how_long) const;
};

WorkerPool::WorkerPool(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<WorkerPool>, net::SocketError> WorkerPool::start(Parts parts) {
  auto state = std::make_unique<State>(parts.configuration.turn.limits);
  state->sessions_per_turn = parts.sessions_per_turn;
  state->has_offload = parts.offload != nullptr;
  state->patience = parts.patience;
  state->while_waiting = parts.while_waiting;
  for (std::size_t i = 0; i < parts.workers; ++i)
    state->workers.push_back(std::make_unique<Worker>(
        parts.configuration, parts.nonce_key,
        Worker::Shared{state->quota, state->reservations, parts.sink, parts.kernel, parts.offload}));

  // No thread runs yet, so the workers are touched from here. What one of them cannot open, none keeps.
  std::vector<net::Listen> wanted;
  for (const net::Listen& listen : parts.configuration.net.listen) {
    wanted.push_back(listen);
    for (const auto& worker : state->workers) {
      const auto error = worker->prepare_listeners({listen});
      if (!error) continue;
      const bool may_skip = listen.origin == net::Listen::Origin::built_in && error->code == EAFNOSUPPORT;
      if (!may_skip) return *error;
      state->skipped.push_back(listen);
      wanted.pop_back();
      break;
    }
  }
  for (const auto& worker : state->workers) worker->commit_listeners(wanted);
  state->listeners = std::move(wanted);

  for (const auto& worker : state->workers) {
    Worker* self = worker.get();
    state->threads.emplace_back([self] { self->run(); });
    state->signs_of_life.push_back(std::make_shared<std::atomic<bool>>(true));
  }
  return std::unique_ptr<WorkerPool>(new WorkerPool(std::move(state)));
}

WorkerPool::~WorkerPool() {
  for (const auto& worker : state_->workers) {
    Worker* self = worker.get();
    self->mailbox().post([self](const base::Now&) { self->stop(); });
  }
  for (std::thread& thread : state_->threads) thread.join();
}

const std::vector<net::Listen>& WorkerPool::skipped() const { return state_->skipped; }

std::optional<net::SocketError> WorkerPool::replace(const Configuration& configuration) {
  std::vector<net::Listen> wanted = configuration.net.listen;
  std::erase_if(wanted, [this](const net::Listen& listen) {
    return std::ranges::find(state_->skipped, listen) != state_->skipped.end();
  });

  using Prepared = std::optional<net::SocketError>;
  const auto prepared =
      state_->ask([wanted](Worker& worker, const base::Now&) -> Prepared { return worker.prepare_listeners(wanted); });
  const auto failed = std::ranges::find_if(prepared, [](const Prepared& error) { return error.has_value(); });
  if (failed != prepared.end()) {
    (void)state_->ask([](Worker& worker, const base::Now&) {
      worker.discard_prepared();
      return Done{};
    });
    return *failed;
  }

  state_->quota.replace_limits(configuration.turn.limits);
  (void)state_->ask([wanted, configuration](Worker& worker, const base::Now& now) {
    worker.apply(configuration, now);
    worker.commit_listeners(wanted);
    return Done{};
  });
  state_->listeners = std::move(wanted);
  return std::nullopt;
}

void WorkerPool::replace_credentials(std::shared_ptr<const auth::CredentialSource> credentials) {
  (void)state_->ask([credentials](Worker& worker, const base::Now&) {
    worker.replace_credentials(credentials);
    return Done{};
  });
}

void WorkerPool::replace_tls(std::shared_ptr<const tls::ServerContext> context) {
  (void)state_->ask([context](Worker& worker, const base::Now&) {
    worker.replace_tls(context);
    return Done{};
  });
}

void WorkerPool::set_admission(turn::Engine::Admission admission) {
  (void)state_->ask([admission](Worker& worker, const base::Now& now) {
    worker.set_admission(admission, now);
    return Done{};
  });
}

void WorkerPool::renew_offload() {
  for (const auto& worker : state_->workers) {
    Worker* self = worker.get();
    self->mailbox().post([self](const base::Now&) { self->renew_offload(); });
  }
}

std::vector<turn::Session> WorkerPool::sessions(const SessionQuery& query) const {
  using Listed = std::optional<std::vector<turn::Session>>;
  const auto step = [list = SessionList(query, state_->sessions_per_turn), collection = Collection()](
                        Worker& worker, const base::Now& now) mutable -> Listed {
    if (!collection.step(worker, now)) return std::nullopt;
    return list.step(worker.engine(), now);
  };
  std::vector<turn::Session> all;
  for (auto& some : state_->ask_by_turns(step)) std::ranges::move(some, std::back_inserter(all));
  std::ranges::sort(all, {}, &turn::Session::place);
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

SessionTally WorkerPool::sessions_by_user() const {
  const auto step = [count = SessionCount(state_->sessions_per_turn)](Worker& worker, const base::Now& now) mutable {
    return count.step(worker.engine(), now);
  };
  SessionTally all;
  for (const SessionTally& some : state_->ask_by_turns(step))
    for (const auto& [user, sessions] : some) all[user] += sessions;
  return all;
}

std::optional<turn::Session> WorkerPool::session(turn::SessionId id) const {
  for (auto& found : state_->ask([id](Worker&worker, const base::Now&now) { return worker.session(id, now); }))
    if (found) return std::move(found);
  return std::nullopt;
}

std::size_t WorkerPool::close_sessions(const turn::SessionPredicate& which, turn::CloseReason reason) {
  return state_->close(which, reason, state_->patience);
}

std::size_t WorkerPool::close_all_sessions(turn::CloseReason reason) {
  return state_->close([](const turn::SessionGlance&) { return true; }, reason,
                       {state_->patience.step, kUntilAllAreClosed});
}

std::size_t WorkerPool::State::close(const turn::SessionPredicate& which, turn::CloseReason reason,
                                     const Patience& how_long) const {
  const auto step = [end = SessionEnd(which, reason, sessions_per_turn)](Worker& worker, const base::Now& now) mutable {
    turn::EffectList effects;
    const auto closed = end.step(worker.engine(), now, effects);
    worker.runner().run(effects, now);
    return closed;
  };
  std::size_t closed = 0;
  for (const std::size_t some : ask_by_turns(step, how_long)) closed += some;
  return closed;
}

bool WorkerPool::close_session(turn::SessionId id, turn::CloseReason reason) {
  const auto answers = state_->ask([id, reason](Worker& worker, const base::Now& now) {
    turn::EffectList effects;
    const bool closed = worker.engine().close_session(id, reason, now, effects);
    worker.runner().run(effects, now);
    return closed ? 1 : 0;
  });
  return std::ranges::find(answers, 1) != answers.end();
}

std::size_t WorkerPool::session_count() const {
  std::size_t count = 0;
  for (const auto& worker : state_->workers) count += worker->counters().sessions.value();
  return count;
}

std::vector<const turn::WorkerCounters*> WorkerPool::counters() const {
  if (state_->has_offload) {
    const auto step = [collection = Collection()](Worker& worker, const base::Now& now) mutable {
      return collection.step(worker, now) ? std::optional(Done{}) : std::nullopt;
    };
    (void)state_->ask_by_turns(step);
  }
  std::vector<const turn::WorkerCounters*> all;
  for (const auto& worker : state_->workers) all.push_back(&worker->counters());
  return all;
}

std::vector<ListenerStatus> WorkerPool::listeners() const {
  std::vector<ListenerStatus> all;
  for (const net::Listen& listen : state_->listeners) {
    ListenerStatus status{listen, std::nullopt, 0};
    for (const auto& [buffer, clients] : state_->ask([listen](Worker&worker, const base::Now&) {
           return std::pair(worker.receive_buffer(listen), worker.clients_at(listen));
         })) {
      if (buffer != 0) status.receive_buffer = buffer;
      status.clients += clients;
    }
    all.push_back(std::move(status));
  }
  return all;
}

std::size_t WorkerPool::size() const { return state_->workers.size(); }

bool WorkerPool::all_alive() {
  bool alive = true;
  for (std::size_t i = 0; i < state_->workers.size(); ++i) {
    const std::shared_ptr<std::atomic<bool>> sign = state_->signs_of_life[i];
    if (!sign->exchange(false)) alive = false;
    state_->workers[i]->mailbox().post([sign](const base::Now&) { *sign = true; });
  }
  return alive;
}

}  // namespace turnd::worker
