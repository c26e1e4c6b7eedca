#include "turnd/turn/tag_index.h"

#include <algorithm>
#include <utility>

namespace turnd::turn {

namespace {
constexpr std::size_t kSmallest = 8;
}

void TagIndex::insert(std::uint32_t tag, std::uint32_t slot) {
  if ((size_ + 1) * 2 > cells_.size()) grow();
  place({tag, slot});
  ++size_;
}

bool TagIndex::erase(std::uint32_t tag, std::uint32_t slot) {
  if (cells_.empty()) return false;
  std::size_t hole = tag & mask_;
  while (cells_[hole].tag != tag || cells_[hole].slot != slot) {
    if (cells_[hole].slot == kNone) return false;
    hole = (hole + 1) & mask_;
  }
  // Whatever follows and would no longer be found across the hole moves into it.
  for (std::size_t at = (hole + 1) & mask_; cells_[at].slot != kNone; at = (at + 1) & mask_) {
    const std::size_t home = cells_[at].tag & mask_;
    if (((at - home) & mask_) < ((at - hole) & mask_)) continue;
    cells_[hole] = cells_[at];
    hole = at;
  }
  cells_[hole] = {};
  --size_;
  return true;
}

void TagIndex::clear() {
  cells_.clear();
  mask_ = 0;
  size_ = 0;
}

void TagIndex::place(Cell cell) {
  std::size_t at = cell.tag & mask_;
  while (cells_[at].slot != kNone) at = (at + 1) & mask_;
  cells_[at] = cell;
}

void TagIndex::grow() {
  const std::vector<Cell> old = std::exchange(cells_, std::vector<Cell>(std::max(kSmallest, cells_.size() * 2)));
  mask_ = cells_.size() - 1;
  for (const Cell& cell : old)
    if (cell.slot != kNone) place(cell);
}

}  // namespace turnd::turn
