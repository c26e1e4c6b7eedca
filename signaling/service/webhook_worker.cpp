#include "signaling/service/webhook_worker.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace signaling::service {
namespace {

constexpr std::chrono::seconds kLongestSleep{60};
constexpr std::chrono::milliseconds kShortestSleep{50};

// Runs a job on the database's thread and waits for it; empty when the database refused.
template <class Job>
auto in_database(store::Database& database, Job job) -> std::optional<std::invoke_result_t<Job&, store::Connection&>> {
  using Value = std::invoke_result_t<Job&, store::Connection&>;
  const auto promise = std::make_shared<std::promise<std::optional<Value>>>();
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

WebhookWorker::WebhookWorker(store::Database& database, Settings settings)
    : database_(database), settings_(std::move(settings)), client_(settings_.timeout) {
  thread_ = std::thread([this] { run(); });
}

WebhookWorker::~WebhookWorker() { stop(); }

void WebhookWorker::take(const LoggedEvent& entry) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;  // the database may be gone
  database_.write(
      [this, entry](store::Connection& db) {
        return queue_webhooks(db, settings_.hooks, entry, settings_.wall_clock());
      },
      [this](const store::Stored<std::size_t>& queued) {
        if (!queued) return settings_.log("an event for a webhook was lost: the database refused it");
        if (*queued > 0) wake();
      });
}

void WebhookWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WebhookWorker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void WebhookWorker::run() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      woken_ = false;
    }
    if (!send_one()) wait_for_work();
  }
}

const Webhook* WebhookWorker::find(std::string_view url) const {
  const auto found = std::ranges::find_if(settings_.hooks, [&](const Webhook& hook) { return hook.url == url; });
  return found == settings_.hooks.end() ? nullptr : &*found;
}

bool WebhookWorker::send_one() {
  const WallTime now = settings_.wall_clock();
  const auto found = in_database(database_, [now](store::Connection& db) { return next_webhook(db, now); });
  if (!found || !*found) return false;
  const QueuedWebhook& queued = **found;
  const std::int64_t id = queued.id;
  const Webhook* const hook = find(queued.url);
  if (hook == nullptr)  // not configured any more
    return in_database(database_, [id, now](store::Connection& db) { return webhook_taken(db, id, now), true; })
        .has_value();
  const auto taken =
      client_.post({queued.url, queued.body, webhook_signature(hook->secret, now, queued.body), queued.event});
  const WallTime after = settings_.wall_clock();
  if (taken)
    return in_database(database_, [id, after](store::Connection& db) { return webhook_taken(db, id, after), true; })
        .has_value();
  const auto again =
      in_database(database_, [id, after, why = taken.error().why, number = random_number(settings_.random)](
                                 store::Connection& db) { return webhook_failed(db, id, why, after, number); });
  settings_.log((again && !*again ? "a webhook was given up: " : "a webhook was not taken and is tried again: ") +
                taken.error().why);
  return again.has_value();
}

void WebhookWorker::wait_for_work() {
  const auto due = in_database(database_, [](store::Connection& db) { return next_webhook_due(db); });
  std::chrono::milliseconds sleep = kLongestSleep;
  if (due && *due) {
    const auto until = std::chrono::ceil<std::chrono::milliseconds>(**due - settings_.wall_clock());
    sleep = std::clamp<std::chrono::milliseconds>(until, kShortestSleep, kLongestSleep);
  }
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, sleep, [this] { return woken_ || stopping_; });
}

}  // namespace signaling::service
