// OutboxWorker: the thread that sends what waits in the outbox, one row after the other, and the sender behind it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "signaling/service/outbox_rows.h"
#include "signaling/store/database.h"
#include "turnd/base/random_source.h"
#include "turnd/base/result.h"

namespace signaling::service {

struct SendError {
  std::string why;  // for the log: no address, no text, no password in it
};
// The other side has it, or nobody wants it any more: not sent again.
struct Settled {};

// Sends the rows of one kind.
class OutboxSender {
 public:
  virtual ~OutboxSender() = default;
  [[nodiscard]] virtual std::string_view kind() const = 0;  // column outbox.kind
  [[nodiscard]] virtual std::string_view name() const = 0;  // of one row, for the log: "a mail"
  // On the worker's thread; blocks for a bounded time.
  [[nodiscard]] virtual turnd::base::Result<Settled, SendError> send(const OutboxRow& row, WallTime now) = 0;
  // Any thread: what is being sent fails soon, and so does what comes after it.
  virtual void cancel() {}
};

struct OutboxSurroundings {
  std::function<WallTime()> wall_clock;
  turnd::base::RandomSource random;
  // Any thread. Never an address or a text.
  std::function<void(std::string_view)> log;
};

// Must be stopped before the database goes. What was not sent then is sent after a restart; it may be sent twice, never
// not at all.
class OutboxWorker {
 public:
  OutboxWorker(store::Database& database, std::unique_ptr<OutboxSender> sender, OutboxSurroundings around);
  ~OutboxWorker();
  OutboxWorker(const OutboxWorker&) = delete;
  OutboxWorker& operator=(const OutboxWorker&) = delete;

  // Something was queued. Any thread, also after stop().
  void wake();
  // As soon as the sender lets go of what it sends. Not on a storage thread.
  void stop();

 private:
  void run();
  // False: nothing is due, or the database refuses.
  bool send_one();
  // False: the database refuses.
  bool keep_for_later(std::int64_t id, const SendError& error);
  void wait_for_work();

  store::Database& database_;
  const std::unique_ptr<OutboxSender> sender_;
  const OutboxSurroundings around_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace signaling::service
