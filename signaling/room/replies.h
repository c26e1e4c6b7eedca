// Replies: the last 64 requests of a session and what was answered, so that one sent again is not done again (G79c).
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
  struct Entry {
    std::size_t hash;  // of the id: nearly all that is looked for is not there
    std::string id;
    protocol::SharedFrame reply;
  };
  Entry* find(std::string_view id);

  std::unique_ptr<std::deque<Entry>> entries_;
};

}  // namespace signaling::room
