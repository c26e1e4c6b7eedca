// WebhookWorker: the thread that posts what waits in the outbox for other servers, one after the other.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "signaling/mail/webhook_client.h"
#include "signaling/service/webhooks.h"
#include "signaling/store/database.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

// Must be stopped before the database goes. What was not taken then is sent after a restart; an event may be sent
// twice, never not at all.
class WebhookWorker {
 public:
  struct Settings {
    std::vector<Webhook> hooks;
    std::function<WallTime()> wall_clock;
    turnd::base::RandomSource random;
    std::function<void(std::string_view)> log;  // from the worker's thread
    std::chrono::milliseconds timeout{std::chrono::seconds(10)};
  };
  WebhookWorker(store::Database& database, Settings settings);
  ~WebhookWorker();
  WebhookWorker(const WebhookWorker&) = delete;
  WebhookWorker& operator=(const WebhookWorker&) = delete;

  // Any thread: keeps the event for whoever wants it, and sends it. Nothing happens after stop().
  void take(const LoggedEvent& entry);
  // Within the timeout of one request. Not on a storage thread.
  void stop();

 private:
  void run();
  // False: nothing is due, or the database refuses.
  bool send_one();
  void wait_for_work();
  void wake();
  [[nodiscard]] const Webhook* find(std::string_view url) const;

  store::Database& database_;
  const Settings settings_;
  const mail::WebhookClient client_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace signaling::service
