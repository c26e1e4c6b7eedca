// EventLog: events of the control plane as log lines, with a bound on what strangers can cause (operations.md D59).
#pragma once

#include <cstdint>

#include "turnd/base/clock.h"
#include "turnd/control/event.h"

namespace turnd {

// Control thread only.
class EventLog {
 public:
  // Lines of one kind in one second; the rest is counted.
  static constexpr std::uint64_t kLinesPerSecond = 10;

  void write(const control::Event& event);
  // Once a second: tells what was suppressed in the last one.
  void on_second();

 private:
  std::uint64_t refusals_ = 0;  // in this second
};

}  // namespace turnd
