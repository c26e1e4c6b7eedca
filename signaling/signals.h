// Signals: the process's signals as events of the loop.
#pragma once

#include <functional>

#include "signaling/net/loop.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling {

// Before any thread is started: they inherit that these signals are blocked.
class Signals final : public net::ReadyHandler {
 public:
  // SIGTERM, SIGINT, SIGHUP, SIGUSR1; SIGPIPE is ignored. Throws std::system_error.
  Signals(net::Loop& loop, std::function<void(int)> on_signal);
  ~Signals() override;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  void on_ready(std::uint32_t events) override;

 private:
  net::Loop& loop_;
  std::function<void(int)> on_signal_;
  turnd::posix::FileDescriptor descriptor_;
};

}  // namespace signaling
