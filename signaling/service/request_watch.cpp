#include "signaling/service/request_watch.h"

#include <utility>

namespace signaling::service {

namespace {

constexpr std::chrono::seconds kSweep{10};
constexpr std::chrono::minutes kAgain{1};

}  // namespace

void RequestWatch::note(std::int64_t request_id, WallTime now) {
  const std::lock_guard lock(mutex_);
  entries_[request_id].seen = now;
}

void RequestWatch::hold(std::int64_t request_id, WallTime now) {
  const std::lock_guard lock(mutex_);
  entries_[request_id] = {.seen = now, .is_held = true};
}

std::vector<RequestWatch::Quiet> RequestWatch::quiet(WallTime now, std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<Quiet> found;
  if (now < next_sweep_ && next_sweep_ <= now + kSweep) return found;  // the clock may be put back
  for (auto& [id, entry] : entries_) {
    if (found.size() == most) return found;
    if (is_quiet(entry, now) && entry.next <= now) {
      found.push_back({id, entry.is_held});
      entry.next = now + kAgain;
    }
  }
  next_sweep_ = now + kSweep;
  return found;
}

std::optional<std::int64_t> RequestWatch::most_quiet(const std::vector<std::int64_t>& request_ids, WallTime now) {
  const std::lock_guard lock(mutex_);
  auto most = entries_.end();
  for (const auto id : request_ids) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.is_held || !is_quiet(found->second, now)) continue;
    if (most == entries_.end() || found->second.seen < most->second.seen) most = found;
  }
  if (most == entries_.end()) return std::nullopt;
  return most->first;
}

void RequestWatch::forget(std::int64_t request_id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(request_id);
}

void RequestWatch::adopt(const std::vector<std::int64_t>& request_ids, WallTime now) {
  const std::lock_guard lock(mutex_);
  for (const auto id : request_ids) entries_.try_emplace(id, Entry{.seen = now});
}

bool RequestWatch::is_new() {
  const std::lock_guard lock(mutex_);
  return std::exchange(is_new_, false);
}

}  // namespace signaling::service
