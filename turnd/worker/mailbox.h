// Mailbox: how other threads ask a worker to do something on its own thread.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "turnd/net/poller.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::worker {

// One eventfd in the worker's loop. Off the data path: reload, drain, questions of the control plane.
class Mailbox final : public net::EventHandler {
 public:
  using Task = std::function<void(const base::Now&)>;

  Mailbox();  // throws std::system_error: only before the workers start

  // Any thread. Tasks run in order, on the worker's thread. False: the worker has stopped.
  bool post(Task task);
  // Worker's thread: refuses later posts and runs what is left.
  void close(const base::Now& now);

  [[nodiscard]] int descriptor() const { return event_.get(); }
  void on_ready(std::uint32_t events, const base::Now& now) override;

 private:
  void run_all(const base::Now& now);

  posix::FileDescriptor event_;
  std::mutex mutex_;
  std::vector<Task> tasks_;
  bool closed_ = false;
};

}  // namespace turnd::worker
