// EventQueue: the unsent lines of one reader of the event stream; bounded, so that a slow one costs nothing (D15).
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "turnd/base/clock.h"

namespace turnd::admin {

// One line, serialized once and shared by all readers.
using EventLine = std::shared_ptr<const std::string>;

class EventQueue {
 public:
  static constexpr std::size_t kMostUnsent = 1000;

  // Beyond kMostUnsent lines, taken ones included until they are sent, it is left out and counted.
  void push(EventLine line);
  // Events that were lost before they became lines.
  void add_lost(std::size_t count) { lost_ += count; }

  [[nodiscard]] bool empty() const { return lines_.empty() && lost_ == 0; }
  // All lines as one text, with a last one that tells what was left out after them; the caller sends it and then
  // calls `sent()`.
  [[nodiscard]] std::string take(base::WallTime now);
  void sent() { in_flight_ = 0; }

 private:
  std::deque<EventLine> lines_;
  std::size_t in_flight_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace turnd::admin
