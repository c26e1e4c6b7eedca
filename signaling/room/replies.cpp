#include "signaling/room/replies.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace signaling::room {
namespace {

std::size_t hash_of(std::string_view id) { return std::hash<std::string_view>{}(id); }

}  // namespace

Replies::Entry* Replies::find(std::string_view id) {
  if (!entries_) return nullptr;
  // The newest first: that is where repetitions are.
  const std::size_t hash = hash_of(id);
  const auto is_it = [&](const Entry& each) { return each.hash == hash && each.id == id; };
  const auto found = std::find_if(entries_->rbegin(), entries_->rend(), is_it);
  return found == entries_->rend() ? nullptr : &*found;
}

Replies::Known Replies::begin(std::string_view id) {
  if (const Entry* entry = find(id)) return {true, entry->reply};
  if (!entries_) entries_ = std::make_unique<std::deque<Entry>>();
  entries_->push_back({hash_of(id), std::string(id), nullptr});
  if (entries_->size() > kMost) entries_->pop_front();
  return {};
}

void Replies::keep(std::string_view id, protocol::SharedFrame reply) {
  if (Entry* entry = find(id)) entry->reply = std::move(reply);
}

void Replies::forget(std::string_view id) {
  if (!entries_) return;
  std::erase_if(*entries_, [&](const Entry& each) { return each.id == id; });
}

}  // namespace signaling::room
