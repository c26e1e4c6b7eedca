// LobbyFigures: how much was said in the lobby, counted now and then: anybody may ask, and the lobby is long.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "signaling/service/conversation.h"

namespace signaling::service {

// Of messages that are not deleted.
struct LobbyCounts {
  std::int64_t all = 0;
  std::int64_t user = 0;  // without those of the system
};
struct LobbyStats {
  struct Talker {
    std::string username;
    std::int64_t messages = 0;
  };
  std::int64_t messages = 0;
  std::int64_t last_day = 0;
  std::vector<Talker> most_active;  // at most ten
};

// Thread-safe. What is new counts at once, and so does `clear`; what was deleted, or is older than a day, counts for
// some seconds more.
class LobbyFigures {
 public:
  [[nodiscard]] LobbyCounts counts(store::Connection& db, const Conversation& lobby, WallTime now);
  [[nodiscard]] LobbyStats stats(store::Connection& db, const Conversation& lobby, WallTime now);

 private:
  struct Counted {
    LobbyCounts counts;
    std::int64_t last_seq = 0;  // the last message that was looked at
  };
  // What was said in a day, and by whom: those who said most.
  struct Day {
    std::int64_t messages = 0;
    std::map<std::string, std::int64_t> talk;
    std::int64_t last_seq = 0;  // as above
  };
  // One figure of one epoch of the lobby, and until when it is good enough.
  template <class Value>
  class Kept {
   public:
    template <class Count>
    [[nodiscard]] Value get(std::int64_t epoch, WallTime now, Count count);

   private:
    std::mutex mutex_;
    std::optional<Value> value_;  // guarded by mutex_, as the rest
    std::int64_t epoch_ = 0;
    WallTime since_, until_;
  };

  Kept<Counted> counted_;
  Kept<Day> of_day_;
};

}  // namespace signaling::service
