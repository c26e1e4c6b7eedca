#include "signaling/service/mail_worker.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace signaling::service {

namespace {

// How long it sleeps at most: a clock that was set, or a database that refused, is noticed then.
constexpr std::chrono::seconds kLongestSleep{60};
constexpr std::chrono::milliseconds kShortestSleep{50};

// Runs a job on the database's thread and waits for it; empty when the database refused.
template <class Job>
auto in_database(store::Database& database, Job job) -> std::optional<std::invoke_result_t<Job&, store::Connection&>> {
  using Value = std::invoke_result_t<Job&, store::Connection&>;
  auto promise = std::make_shared<std::promise<std::optional<Value>>>();
  auto answer = promise->get_future();
  database.write(std::move(job), [promise](store::Stored<Value> stored) {
    promise->set_value(stored ? std::optional<Value>(std::move(*stored)) : std::nullopt);
  });
  return answer.get();
}

std::uint32_t random_number(const turnd::base::RandomSource& random) {
  std::array<std::uint8_t, 4> bytes{};
  random(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

}  // namespace

MailWorker::MailWorker(store::Database& database, MailWorkerSettings settings)
    : database_(database), settings_(std::move(settings)) {
  if (settings_.smtp) client_.emplace(*settings_.smtp);
  thread_ = std::thread([this] { run(); });
}

MailWorker::~MailWorker() { stop(); }

void MailWorker::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (client_) client_->cancel();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void MailWorker::wake() {
  {
    std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void MailWorker::run() {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken_ = false;
    }
    if (!client_) {
      report_waiting();
    } else if (send_one()) {
      continue;
    }
    wait_for_work();
  }
}

void MailWorker::wait_for_work() {
  std::chrono::milliseconds sleep = kLongestSleep;
  if (client_) {
    const auto due = in_database(database_, [](store::Connection& db) { return next_mail_due(db); });
    if (due && *due) {
      const auto until = std::chrono::ceil<std::chrono::milliseconds>(**due - settings_.wall_clock());
      sleep = std::clamp<std::chrono::milliseconds>(until, kShortestSleep, kLongestSleep);
    }
  }
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return woken_ || stopping_; };
  if (client_) {
    changed_.wait_for(lock, sleep, ready);
  } else {
    changed_.wait(lock, ready);
  }
}

bool MailWorker::send_one() {
  const WallTime now = settings_.wall_clock();
  const auto found = in_database(database_, [now](store::Connection& db) { return next_mail(db, now); });
  if (!found || !*found) return false;
  const QueuedMail& mail = **found;
  const auto sent = client_->send(mail.message, {settings_.smtp->from, mail.message_id, mail.created_at});

  const WallTime after = settings_.wall_clock();
  const std::int64_t id = mail.id;
  if (sent) {
    // A mail that is out but cannot be marked would be sent again at once: let the database come back first.
    return in_database(database_, [id, after](store::Connection& db) { return mail_delivered(db, id, after), true; })
        .has_value();
  }
  const auto fate =
      in_database(database_, [id, after, why = sent.error().why, number = random_number(settings_.random)](
                                 store::Connection& db) { return mail_failed(db, id, why, after, number); });
  if (fate) {
    settings_.log((*fate == MailFate::given_up ? "a mail was given up: " : "a mail was not sent and is tried again: ") +
                  sent.error().why);
  }
  return fate.has_value();
}

void MailWorker::report_waiting() {
  const auto waiting = in_database(database_, [](store::Connection& db) { return mails_waiting(db); });
  if (!waiting || *waiting == 0) return;
  settings_.log("no smtp is configured: " + std::to_string(*waiting) +
                " mails wait in the database; what they say is shown in the application");
}

}  // namespace signaling::service
