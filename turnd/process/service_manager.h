// ServiceManager: systemd's notification protocol (sd_notify(3)), without its library.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace turnd::process {

// Does nothing when the process was not started by a service manager. Control thread only.
class ServiceManager {
 public:
  // Reads $NOTIFY_SOCKET and $WATCHDOG_USEC.
  ServiceManager();

  void ready();
  // With MONOTONIC_USEC, followed by ready() when the reload is done.
  void reloading();
  void stopping();
  void feed_watchdog();
  // How often to feed it: half of WATCHDOG_USEC; none: no watchdog.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() const { return interval_; }

 private:
  void notify(std::string_view state) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> interval_;
};

}  // namespace turnd::process
