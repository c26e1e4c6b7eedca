// Replies: the last 64 requests of a session and what was answered, so that one sent again is not done again (G79c).
// Of the answers 64 KiB are kept, and beside them the newest that is larger alone, as the snapshot of a large room is.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/protocol/server_frame.h"

namespace signaling::room {

class Replies {
 public:
  struct Known {
    bool seen = false;
    protocol::SharedFrame reply;  // null: it is still being worked on
  };

  // Remembers `id` as being worked on, unless it is known.
  Known begin(std::string_view id);
  void keep(std::string_view id, protocol::SharedFrame reply);
  // As if it had never come.
  void forget(std::string_view id);

 private:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMostBytes = 64 * 1024;
  struct Entry {
    std::size_t hash;  // of the id: nearly all that is looked for is not there
    std::string id;
    protocol::SharedFrame reply;
    [[nodiscard]] std::size_t size() const { return reply ? reply->body.size() : 0; }
    [[nodiscard]] bool is_large() const { return size() > kMostBytes; }
    [[nodiscard]] std::size_t counted() const { return is_large() ? 0 : size(); }
  };
  struct Kept {
    std::deque<Entry> entries;  // oldest first
    std::size_t bytes = 0;      // counted of all of them
  };
  Entry* find(std::string_view id);
  void drop_large();
  void drop_oldest();

  std::unique_ptr<Kept> kept_;  // none before the first request with an id
};

}  // namespace signaling::room
