// TagIndex: open addressing over cells of 32-bit tag and 32-bit slot; the keys stay where the slots point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace turnd::turn {

// A tag is a hash of the key; its low bits are the cell where a search begins, so the table grows and
// shrinks without looking at a key. At most half full. Linear probing, no tombstones.
class TagIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // The slot with this tag for which `is_same(slot)` holds.
  template <class IsSame>
  [[nodiscard]] std::uint32_t find(std::uint32_t tag, const IsSame& is_same) const {
    if (cells_.empty()) return kNone;
    const Cell* const cells = cells_.data();
    for (std::size_t at = tag & mask_;; at = (at + 1) & mask_) {
      const Cell cell = cells[at];
      if (cell.slot == kNone) return kNone;
      if (cell.tag == tag && is_same(cell.slot)) return cell.slot;
    }
  }
  // The slot with this tag in one of the first cells, unverified, or kNone: something to prefetch. Nearly
  // always the right one, and found without a branch that could be mispredicted.
  [[nodiscard]] std::uint32_t guess(std::uint32_t tag) const {
    if (cells_.empty()) return kNone;
    const Cell* const cells = cells_.data();
    std::uint32_t found = kNone;
#pragma GCC unroll 3
    for (std::size_t distance = kGuessed; distance-- > 0;) {
      const Cell cell = cells[(tag + distance) & mask_];
      found = cell.tag == tag ? cell.slot : found;
    }
    return found;
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t tag) const {
    if (!cells_.empty()) __builtin_prefetch(cells_.data() + (tag & mask_));
  }

  // The key must not be in the table.
  void insert(std::uint32_t tag, std::uint32_t slot);
  // False when there is no such cell.
  bool erase(std::uint32_t tag, std::uint32_t slot);
  void clear();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kGuessed = 3;

  struct Cell {
    std::uint32_t tag = 0;
    std::uint32_t slot = kNone;
  };
  void place(Cell cell);
  void grow();

  std::vector<Cell> cells_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace turnd::turn
