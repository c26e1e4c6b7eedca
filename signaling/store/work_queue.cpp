#include "signaling/store/work_queue.h"

#include <algorithm>

namespace signaling::store {

bool WorkQueue::push(std::unique_ptr<Work>& work) {
  bool is_enough = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || waiting_.size() >= most_) return false;
    waiting_.push_back(std::move(work));
    is_enough = waiting_.size() >= enough_;
  }
  if (is_enough) changed_.notify_one();
  return true;
}

void WorkQueue::gather(std::size_t enough, std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  enough_ = enough;
  changed_.wait_until(lock, until, [&] { return closed_ || waiting_.size() >= enough; });
  enough_ = 1;
}

std::vector<std::unique_ptr<Work>> WorkQueue::pop(std::size_t most, std::optional<std::chrono::milliseconds> wait) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closed_ || !waiting_.empty(); };
  if (wait)
    changed_.wait_for(lock, *wait, ready);
  else
    changed_.wait(lock, ready);
  std::vector<std::unique_ptr<Work>> taken;
  taken.reserve(std::min(most, waiting_.size()));
  for (; taken.size() < most && !waiting_.empty(); waiting_.pop_front()) taken.push_back(std::move(waiting_.front()));
  return taken;
}

void WorkQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool WorkQueue::finished() const {
  const std::lock_guard lock(mutex_);
  return closed_ && waiting_.empty();
}

std::size_t WorkQueue::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace signaling::store
