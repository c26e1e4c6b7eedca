#include "turnd/admin/event_queue.h"

#include <utility>

#include "turnd/control/event.h"

namespace turnd::admin {

void EventQueue::push(EventLine line) {
  // Once one is left out, those after it are too: the line that tells comes at the place of the gap.
  if (lost_ > 0 || in_flight_ + lines_.size() >= kMostUnsent) {
    ++lost_;
    return;
  }
  lines_.push_back(std::move(line));
}

std::string EventQueue::take(base::WallTime now) {
  std::string text;
  for (const EventLine& line : lines_) text += *line;
  in_flight_ = lines_.size();
  lines_.clear();
  if (lost_ > 0) text += to_line(control::events_lost(now, std::exchange(lost_, 0)));
  return text;
}

}  // namespace turnd::admin
