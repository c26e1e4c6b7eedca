// Poller: one epoll instance of one worker; level-triggered, each socket registered once.
#pragma once

#include <cstdint>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/net/kernel_features.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::net {

// Something with a descriptor in the loop. Called on the worker's thread only.
class EventHandler {
 public:
  virtual ~EventHandler() = default;
  // `events` are epoll's bits. The handler may remove or destroy itself or any other handler.
  virtual void on_ready(std::uint32_t events, const base::Now& now) = 0;
};

class Poller {
 public:
  // Throws std::system_error: only before the workers start.
  explicit Poller(const KernelFeatures& kernel = {});

  // `handler` outlives its registration. `events`: EPOLLIN, EPOLLOUT; errors are always reported.
  [[nodiscard]] bool add(int descriptor, std::uint32_t events, EventHandler& handler);
  void change(int descriptor, std::uint32_t events, EventHandler& handler);
  // Events already fetched for it in this turn are not delivered any more.
  void remove(int descriptor, EventHandler& handler);

  // Waits until something is ready or `deadline` (none: for ever), then calls the handlers once each with the
  // time read after waking. Returns that time.
  base::Now run_once(std::optional<base::TimePoint> deadline);

 private:
  class Batch;
  int wait(Batch& batch, std::optional<base::TimePoint> deadline);

  posix::FileDescriptor epoll_;
  bool has_nanoseconds_;      // epoll_pwait2
  Batch* running_ = nullptr;  // the batch being delivered, for remove()
};

// The machine's clocks: CLOCK_BOOTTIME (monotonic, suspend included) and the calendar.
[[nodiscard]] base::Now read_clocks();

}  // namespace turnd::net
