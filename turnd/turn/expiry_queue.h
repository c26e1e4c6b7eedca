// ExpiryQueue: at most one deadline for each allocation, the earliest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "turnd/base/clock.h"

namespace turnd::turn {

// A heap that knows where each slot stands. A refresh changes the allocation's own fields, never the heap:
// an entry that fires too early is armed again by its owner.
class ExpiryQueue {
 public:
  // Sets the deadline of the slot, whether it had one or not.
  void arm(std::uint32_t slot, base::TimePoint when);
  // Sets it only when it had none, or a later one.
  void arm_earlier(std::uint32_t slot, base::TimePoint when);
  void disarm(std::uint32_t slot);

  [[nodiscard]] std::optional<base::TimePoint> next() const;
  // The slot whose deadline is due; it is disarmed.
  [[nodiscard]] std::optional<std::uint32_t> pop_due(base::TimePoint now);

  [[nodiscard]] std::optional<base::TimePoint> deadline(std::uint32_t slot) const;
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  struct Entry {
    base::TimePoint when;
    std::uint32_t slot;
  };
  static constexpr std::uint32_t kUnarmed = 0xFFFFFFFF;

  void put(std::size_t at, Entry entry);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);
  void remove(std::size_t at);

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> positions_;  // by slot
};

}  // namespace turnd::turn
