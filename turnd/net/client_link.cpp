#include "turnd/net/client_link.h"

namespace turnd::net {
namespace {

// | generation, 32 bits | slot, 32 bits |
turn::ClientId id_of(std::uint32_t slot, std::uint32_t generation) {
  return {static_cast<std::uint64_t>(generation) << 32 | slot};
}
std::uint32_t slot_of(turn::ClientId id) { return static_cast<std::uint32_t>(id.value); }
std::uint32_t generation_of(turn::ClientId id) { return static_cast<std::uint32_t>(id.value >> 32); }

}  // namespace

turn::ClientId ClientRegistry::add(ClientLink& link) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  slots_[slot].link = &link;
  // 0 is never a generation: an id that was never given finds nothing.
  if (++slots_[slot].generation == 0) ++slots_[slot].generation;
  return id_of(slot, slots_[slot].generation);
}

void ClientRegistry::remove(turn::ClientId id) {
  if (find(id) == nullptr) return;
  slots_[slot_of(id)].link = nullptr;
  free_.push_back(slot_of(id));
}

ClientLink* ClientRegistry::find(turn::ClientId id) const {
  const std::uint32_t slot = slot_of(id);
  if (slot >= slots_.size() || slots_[slot].generation != generation_of(id)) return nullptr;
  return slots_[slot].link;
}

}  // namespace turnd::net
