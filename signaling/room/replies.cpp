#include "signaling/room/replies.h"

#include <algorithm>
#include <utility>

namespace signaling::room {

Replies::Entry* Replies::find(std::string_view id) {
  if (!entries_) return nullptr;
  // The newest first: that is where repetitions are.
  const auto found =
      std::find_if(entries_->rbegin(), entries_->rend(), [&](const Entry& each) { return each.id == id; });
  return found == entries_->rend() ? nullptr : &*found;
}

Replies::Known Replies::begin(std::string_view id) {
  if (const Entry* entry = find(id)) return {true, entry->reply};
  if (!entries_) entries_ = std::make_unique<std::deque<Entry>>();
  entries_->push_back({std::string(id), nullptr});
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
