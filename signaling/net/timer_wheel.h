// TimerWheel: coarse deadlines of many connections; to arm one again costs a comparison.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace signaling::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

class TimerWheel {
 public:
  // A deadline that belongs to its object and leaves the wheel with it.
  class Entry {
   public:
    Entry() = default;
    virtual ~Entry() { unlink(); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    // Once for each time it was armed, up to kTick late. May arm itself again or destroy itself.
    virtual void on_due(TimePoint now) = 0;

   private:
    friend class TimerWheel;
    void unlink();
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
    TimePoint due_{};
    TimePoint slot_time_{};  // when the slot that it stands in comes round
  };

  static constexpr Duration kTick = std::chrono::milliseconds(100);

  explicit TimerWheel(TimePoint start);
  ~TimerWheel();

  // Replaces an earlier deadline of the entry. A later one leaves it in its slot, from where it moves on by itself.
  void arm(Entry& entry, TimePoint due);
  static void disarm(Entry& entry) { entry.unlink(); }
  void advance(TimePoint now);
  [[nodiscard]] TimePoint next_tick() const { return time_ + kTick; }

 private:
  static constexpr std::size_t kSlots = 1024;  // 102 s; what is due later goes round again
  struct Head final : Entry {
    Head() { reset(); }
    void reset();
    void on_due(TimePoint) override {}
  };
  void link(Entry& entry);
  void run(Head& slot, TimePoint now);

  std::array<Head, kSlots> slots_;
  std::size_t position_ = 0;
  TimePoint time_;
};

}  // namespace signaling::net
