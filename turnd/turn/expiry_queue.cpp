#include "turnd/turn/expiry_queue.h"

namespace turnd::turn {

void ExpiryQueue::arm(std::uint32_t slot, base::TimePoint when) {
  if (slot >= positions_.size()) positions_.resize(slot + 1, kUnarmed);
  if (positions_[slot] == kUnarmed) {
    heap_.push_back({});
    put(heap_.size() - 1, {when, slot});
    sift_up(heap_.size() - 1);
    return;
  }
  const std::size_t at = positions_[slot];
  heap_[at].when = when;
  sift_up(at);
  sift_down(positions_[slot]);
}

void ExpiryQueue::arm_earlier(std::uint32_t slot, base::TimePoint when) {
  const auto armed = deadline(slot);
  if (!armed || when < *armed) arm(slot, when);
}

void ExpiryQueue::disarm(std::uint32_t slot) {
  if (slot < positions_.size() && positions_[slot] != kUnarmed) remove(positions_[slot]);
}

std::optional<base::TimePoint> ExpiryQueue::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().when;
}

std::optional<std::uint32_t> ExpiryQueue::pop_due(base::TimePoint now) {
  if (heap_.empty() || heap_.front().when > now) return std::nullopt;
  const std::uint32_t slot = heap_.front().slot;
  remove(0);
  return slot;
}

std::optional<base::TimePoint> ExpiryQueue::deadline(std::uint32_t slot) const {
  if (slot >= positions_.size() || positions_[slot] == kUnarmed) return std::nullopt;
  return heap_[positions_[slot]].when;
}

void ExpiryQueue::put(std::size_t at, Entry entry) {
  heap_[at] = entry;
  positions_[entry.slot] = static_cast<std::uint32_t>(at);
}

void ExpiryQueue::sift_up(std::size_t at) {
  const Entry entry = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (heap_[parent].when <= entry.when) break;
    put(at, heap_[parent]);
    at = parent;
  }
  put(at, entry);
}

void ExpiryQueue::sift_down(std::size_t at) {
  const Entry entry = heap_[at];
  for (std::size_t child = 2 * at + 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1].when < heap_[child].when) ++child;
    if (entry.when <= heap_[child].when) break;
    put(at, heap_[child]);
    at = child;
  }
  put(at, entry);
}

void ExpiryQueue::remove(std::size_t at) {
  positions_[heap_[at].slot] = kUnarmed;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  put(at, last);
  sift_up(at);
  sift_down(positions_[last.slot]);
}

}  // namespace turnd::turn
