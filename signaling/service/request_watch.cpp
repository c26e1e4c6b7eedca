#include "signaling/service/request_watch.h"

#include <utility>

namespace signaling::service {

namespace {

constexpr std::chrono::seconds kSweep{10};

}  // namespace

void RequestWatch::note(std::int64_t request_id, WallTime now) {
  const std::lock_guard lock(mutex_);
  entries_[request_id].seen = now;
}

void RequestWatch::hold(std::int64_t request_id, WallTime now) {
  const std::lock_guard lock(mutex_);
  entries_[request_id] = {now, true};
}

std::vector<RequestWatch::Quiet> RequestWatch::take_quiet(WallTime now, std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<Quiet> quiet;
  if (now < next_sweep_) return quiet;
  for (auto entry = entries_.begin(); entry != entries_.end() && quiet.size() < most;) {
    if (entry->second.seen + kQuietRequest > now) {
      ++entry;
      continue;
    }
    quiet.push_back({entry->first, entry->second.is_held});
    entry = entries_.erase(entry);
  }
  if (quiet.size() < most) next_sweep_ = now + kSweep;
  return quiet;
}

bool RequestWatch::is_new() {
  const std::lock_guard lock(mutex_);
  return std::exchange(is_new_, false);
}

}  // namespace signaling::service
