#include "signaling/service/outbox_worker.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "signaling/store/wait_for.h"

namespace signaling::service {
namespace {

// How long it sleeps at most: a clock that was set, or a database that refused, is noticed then.
constexpr std::chrono::seconds kLongestSleep{60};
constexpr std::chrono::milliseconds kShortestSleep{50};

std::uint32_t random_number(const turnd::base::RandomSource& random) {
  std::array<std::uint8_t, 4> bytes{};
  random(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

}  // namespace

OutboxWorker::OutboxWorker(store::Database& database, std::unique_ptr<OutboxSender> sender, OutboxSurroundings around)
    : database_(database), sender_(std::move(sender)), around_(std::move(around)) {
  thread_ = std::thread([this] { run(); });
}

OutboxWorker::~OutboxWorker() { stop(); }

void OutboxWorker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void OutboxWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  sender_->cancel();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void OutboxWorker::run() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken_ = false;
    }
    if (!send_one()) wait_for_work();
  }
}

bool OutboxWorker::send_one() {
  const WallTime now = around_.wall_clock();
  const auto next = store::wait_for_write(
      database_, [this, now](store::Connection& db) { return next_row(db, sender_->kind(), now); });
  if (!next || !*next) return false;
  const OutboxRow& row = **next;
  const auto sent = sender_->send(row, now);
  if (!sent) return keep_for_later(row.id, sent.error());
  // What is out but cannot be marked would be sent again at once: let the database come back first.
  return store::wait_for_write(
             database_, [id = row.id, after = around_.wall_clock()](store::Connection& db) { row_sent(db, id, after); })
      .has_value();
}

bool OutboxWorker::keep_for_later(std::int64_t id, const SendError& error) {
  const auto fate = store::wait_for_write(
      database_, [id, &error, now = around_.wall_clock(), number = random_number(around_.random)](
                     store::Connection& db) { return row_failed(db, id, error.why, now, number); });
  if (!fate) return false;
  const std::string_view what =
      *fate == OutboxFate::given_up ? " was given up: " : " was not sent and is tried again: ";
  around_.log(std::string(sender_->name()).append(what) + error.why);
  return true;
}

void OutboxWorker::wait_for_work() {
  const auto due =
      store::wait_for_write(database_, [this](store::Connection& db) { return next_row_due(db, sender_->kind()); });
  std::chrono::milliseconds sleep = kLongestSleep;
  if (due && *due) {
    const auto until = std::chrono::ceil<std::chrono::milliseconds>(**due - around_.wall_clock());
    sleep = std::clamp<std::chrono::milliseconds>(until, kShortestSleep, kLongestSleep);
  }
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, sleep, [this] { return woken_ || stopping_; });
}

}  // namespace signaling::service
