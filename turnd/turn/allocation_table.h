// AllocationTable: where allocations live, and how a packet finds its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "turnd/turn/allocation.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"
#include "turnd/turn/tag_index.h"

namespace turnd::turn {

// Slots never move, so a reference stays good until its allocation is removed.
//
// A RelayId names slot, family and which use of the slot it is:
//   | serial, 32 bits | slot, 31 bits | family, 1 bit |
// It comes again only when one slot was used four thousand million times.
class AllocationTable {
 public:
  static constexpr std::uint32_t kNone = TagIndex::kNone;

  explicit AllocationTable(std::uint64_t hash_key) : hash_key_(hash_key) {}

  // The five-tuple has no allocation yet.
  std::uint32_t add(const FiveTuple& tuple, std::unique_ptr<AllocationDetails> details);
  void remove(std::uint32_t slot);

  // Slots come from the index and from `find`: they are good by construction, so the data path checks no bounds.
  [[nodiscard]] Allocation& at(std::uint32_t slot) {
    return chunks_.data()[slot / kChunk].get()->data()[slot % kChunk];
  }
  [[nodiscard]] const Allocation& at(std::uint32_t slot) const {
    return chunks_.data()[slot / kChunk].get()->data()[slot % kChunk];
  }
  [[nodiscard]] std::uint32_t find(const FiveTuple& tuple) const {
    const FiveTupleWords words(tuple);
    return find(words, tag_of(words));
  }
  [[nodiscard]] RelayId relay_id(std::uint32_t slot, base::Family family) const {
    return relay_id(at(slot), slot, family);
  }
  [[nodiscard]] static RelayId relay_id(const Allocation& allocation, std::uint32_t slot, base::Family family) {
    return {static_cast<std::uint64_t>(allocation.serial) << 32 | slot << 1 | static_cast<std::uint64_t>(family)};
  }
  // The slot of an allocation that has this relay; kNone when it has ended.
  [[nodiscard]] std::uint32_t find(RelayId relay) const;
  [[nodiscard]] static base::Family family_of(RelayId relay) {
    return (relay.value & 1) == 0 ? base::Family::ipv4 : base::Family::ipv6;
  }

  // A batch is looked up whole: prefetch the cells, then guess and prefetch the allocations, then find.
  [[nodiscard]] std::uint32_t tag_of(const FiveTupleWords& words) const {
    return static_cast<std::uint32_t>(words.hash(hash_key_));
  }
  [[nodiscard]] std::uint32_t find(const FiveTupleWords& words, std::uint32_t tag) const {
    return index_.find(tag, [&](std::uint32_t slot) { return at(slot).words == words; });
  }
  [[gnu::always_inline]] void prefetch_cell(std::uint32_t tag) const { index_.prefetch(tag); }
  [[nodiscard]] std::uint32_t guess(std::uint32_t tag) const { return index_.guess(tag); }
  // Inline always: g++ 12 takes a function that only prefetches for one without effect and drops the call.
  [[gnu::always_inline]] void prefetch(std::uint32_t slot) const {
    const auto* line = reinterpret_cast<const std::byte*>(&at(slot));
    __builtin_prefetch(line);
    __builtin_prefetch(line + 64);
  }

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::uint32_t slot = 0; slot < slots_; ++slot)
      if (at(slot).state != Allocation::State::vacant) visit(slot, at(slot));
  }
  // Those in `slots` slots from `from` on; the next slot, or nothing behind the last one.
  template <class Visit>
  std::optional<std::uint32_t> for_each_of(std::uint32_t from, std::uint32_t slots, const Visit& visit) const {
    const std::uint32_t end = from < slots_ && slots < slots_ - from ? from + slots : slots_;
    for (std::uint32_t slot = from; slot < end; ++slot)
      if (at(slot).state != Allocation::State::vacant) visit(slot, at(slot));
    return end < slots_ ? std::optional(end) : std::nullopt;
  }
  [[nodiscard]] bool is_consistent() const;

 private:
  static constexpr std::uint32_t kChunk = 1024;
  using Chunk = std::array<Allocation, kChunk>;

  std::uint64_t hash_key_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::uint32_t slots_ = 0;  // ever used
  std::vector<std::uint32_t> vacant_;
  TagIndex index_;
};

}  // namespace turnd::turn
