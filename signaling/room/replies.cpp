#include "signaling/room/replies.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace signaling::room {
namespace {

std::size_t hash_of(std::string_view id) { return std::hash<std::string_view>{}(id); }

}  // namespace

Replies::Entry* Replies::find(std::string_view id) {
  if (!kept_) return nullptr;
  // The newest first: that is where repetitions are.
  const std::size_t hash = hash_of(id);
  const auto is_it = [&](const Entry& each) { return each.hash == hash && each.id == id; };
  const auto found = std::find_if(kept_->entries.rbegin(), kept_->entries.rend(), is_it);
  return found == kept_->entries.rend() ? nullptr : &*found;
}

Replies::Known Replies::begin(std::string_view id) {
  if (const Entry* entry = find(id)) return {true, entry->reply};
  if (!kept_) kept_ = std::make_unique<Kept>();
  kept_->entries.push_back({hash_of(id), std::string(id), nullptr});
  if (kept_->entries.size() > kMost) {
    kept_->bytes -= kept_->entries.front().counted();
    kept_->entries.pop_front();
  }
  return {};
}

void Replies::keep(std::string_view id, protocol::SharedFrame reply) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  kept_->bytes -= entry->counted();
  entry->reply = nullptr;
  if (reply->body.size() > kMostBytes) {
    drop_large();
    entry = find(id);
  }
  entry->reply = std::move(reply);
  kept_->bytes += entry->counted();
  if (kept_->bytes > kMostBytes) drop_oldest();
}

void Replies::drop_large() {
  std::erase_if(kept_->entries, [](const Entry& each) { return each.is_large(); });
}

// What is still being worked on stays.
void Replies::drop_oldest() {
  auto& entries = kept_->entries;
  for (auto each = entries.begin(); each != entries.end() && kept_->bytes > kMostBytes;) {
    const std::size_t counted = each->counted();
    kept_->bytes -= counted;
    each = counted == 0 ? each + 1 : entries.erase(each);
  }
}

void Replies::forget(std::string_view id) {
  const Entry* const entry = find(id);
  if (entry == nullptr) return;
  kept_->bytes -= entry->counted();
  std::erase_if(kept_->entries, [&](const Entry& each) { return each.id == id; });
}

}  // namespace signaling::room
