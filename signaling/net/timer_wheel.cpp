#include "signaling/net/timer_wheel.h"

#include <algorithm>

namespace signaling::net {

void TimerWheel::Entry::unlink() {
  if (previous_ == nullptr) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

void TimerWheel::Head::reset() {
  Entry& self = *this;
  self.previous_ = self.next_ = &self;
}

TimerWheel::TimerWheel(TimePoint start) : time_(start) {}

TimerWheel::~TimerWheel() {
  for (Head& slot : slots_)
    while (slot.next_ != &slot) slot.next_->unlink();
}

void TimerWheel::arm(Entry& entry, TimePoint due) {
  entry.due_ = due;
  if (entry.previous_ != nullptr && entry.slot_time_ <= due) return;
  entry.unlink();
  link(entry);
}

void TimerWheel::link(Entry& entry) {
  const auto ahead = entry.due_ > time_ ? (entry.due_ - time_ + kTick - Duration(1)) / kTick : 1;
  const auto steps = std::clamp<std::int64_t>(ahead, 1, kSlots - 1);
  entry.slot_time_ = time_ + steps * kTick;
  Head& slot = slots_[(position_ + static_cast<std::size_t>(steps)) % kSlots];
  entry.next_ = &slot;
  entry.previous_ = slot.previous_;
  slot.previous_->next_ = &entry;
  slot.previous_ = &entry;
}

void TimerWheel::advance(TimePoint now) {
  while (time_ + kTick <= now) {
    time_ += kTick;
    position_ = (position_ + 1) % kSlots;
    run(slots_[position_], now);
  }
}

// The entries are moved to a list of their own, because what is armed meanwhile may come to this slot again.
void TimerWheel::run(Head& slot, TimePoint now) {
  if (slot.next_ == &slot) return;
  Head due;
  due.next_ = slot.next_;
  due.previous_ = slot.previous_;
  due.next_->previous_ = due.previous_->next_ = &due;
  slot.reset();
  while (due.next_ != &due) {
    Entry& entry = *due.next_;
    entry.unlink();
    if (entry.due_ > time_)
      link(entry);
    else
      entry.on_due(now);
  }
}

}  // namespace signaling::net
