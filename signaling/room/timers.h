// Timers: every deadline of the hub, in a heap and a queue. One that fires is a hint: who set it checks whether it
// still holds, and arms another when it is too early.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

#include "turnd/base/clock.h"

namespace signaling::room {

enum class TimerKind : std::uint8_t { authentication, token, window, ice, ringing, presence, statistics, drain };

struct Timer {
  turnd::base::TimePoint when;
  TimerKind kind;
  std::uint64_t subject;  // a connection, session or call

  friend bool operator>(const Timer& left, const Timer& right) { return left.when > right.when; }
};

class Timers {
 public:
  // Where an earlier one of this kind and subject is armed, it will do: a deadline that moves on and on costs no
  // memory.
  void arm(const Timer& timer) {
    const auto [armed, is_first] = earliest_.try_emplace({timer.kind, timer.subject}, timer.when);
    if (!is_first && armed->second <= timer.when) return;
    armed->second = timer.when;
    heap_.push(timer);
  }
  // For those of which each connection has one that is always as far ahead: they come in their order, which a heap
  // would find out anew for each.
  void arm_once(const Timer& timer) {
    if (!queue_.empty() && queue_.back().when > timer.when) return arm(timer);
    queue_.push_back(timer);
  }
  [[nodiscard]] std::optional<turnd::base::TimePoint> next() const {
    if (is_queue_first()) return queue_.front().when;
    if (heap_.empty()) return std::nullopt;
    return heap_.top().when;
  }
  // One that is due, taken out.
  [[nodiscard]] std::optional<Timer> pop(turnd::base::TimePoint now) {
    if (is_queue_first()) {
      const Timer first = queue_.front();
      if (first.when > now) return std::nullopt;
      queue_.pop_front();
      return first;
    }
    if (heap_.empty() || heap_.top().when > now) return std::nullopt;
    const Timer due = heap_.top();
    heap_.pop();
    const auto armed = earliest_.find({due.kind, due.subject});
    if (armed != earliest_.end() && armed->second <= due.when) earliest_.erase(armed);
    return due;
  }
  [[nodiscard]] std::size_t size() const { return heap_.size() + queue_.size(); }

 private:
  using Key = std::pair<TimerKind, std::uint64_t>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::uint64_t>()(key.second << 3 | static_cast<std::uint64_t>(key.first));
    }
  };
  [[nodiscard]] bool is_queue_first() const {
    return !queue_.empty() && (heap_.empty() || queue_.front().when <= heap_.top().when);
  }

  std::unordered_map<Key, turnd::base::TimePoint, KeyHash> earliest_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> heap_;
  std::deque<Timer> queue_;  // ascending
};

}  // namespace signaling::room
