#include "turnd/turn/allocation_table.h"

namespace turnd::turn {

std::uint32_t AllocationTable::add(const FiveTuple& tuple, std::unique_ptr<AllocationDetails> details) {
  std::uint32_t slot = slots_;
  if (vacant_.empty()) {
    if (slots_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<Chunk>());
    ++slots_;
  } else {
    slot = vacant_.back();
    vacant_.pop_back();
  }
  Allocation& allocation = at(slot);
  allocation.words = FiveTupleWords(tuple);
  allocation.state = Allocation::State::opening;
  allocation.details = std::move(details);
  ++allocation.serial;
  index_.insert(tag_of(allocation.words), slot);
  return slot;
}

void AllocationTable::remove(std::uint32_t slot) {
  index_.erase(tag_of(at(slot).words), slot);
  at(slot).vacate();
  vacant_.push_back(slot);
}

std::uint32_t AllocationTable::find(RelayId relay) const {
  const auto slot = static_cast<std::uint32_t>(relay.value & 0xFFFFFFFF) >> 1;
  if (slot >= slots_) return kNone;
  const Allocation& allocation = at(slot);
  const bool is_it = allocation.state != Allocation::State::vacant && allocation.serial == relay.value >> 32;
  return is_it ? slot : kNone;
}

bool AllocationTable::is_consistent() const {
  std::size_t taken = 0;
  for (std::uint32_t slot = 0; slot < slots_; ++slot) {
    const Allocation& allocation = at(slot);
    if (!allocation.is_consistent()) return false;
    if (allocation.state == Allocation::State::vacant) continue;
    ++taken;
    if (find(allocation.tuple()) != slot) return false;
  }
  return taken == index_.size() && taken + vacant_.size() == slots_;
}

}  // namespace turnd::turn
