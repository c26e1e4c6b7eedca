// RequestWatch: when each join request that is open was last asked about; nobody waits behind one that is quiet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "signaling/store/stored_time.h"

namespace signaling::service {

using store::WallTime;

// Longer than a browser lets a page in the background sleep between two requests. What then ends, and when:
// meeting_clock.cpp, and meetings_join.cpp where others need the place.
inline constexpr std::chrono::minutes kQuietRequest{5};

// Thread-safe. In memory alone: after a restart all are as if asked about a moment ago.
class RequestWatch {
 public:
  // Over HTTP, where nothing says that somebody has gone.
  void note(std::int64_t request_id, WallTime now);
  // On a socket, whose end cancels it (G39): never quiet.
  void hold(std::int64_t request_id, WallTime now);

  struct Quiet {
    std::int64_t request_id = 0;
    bool is_held = false;
  };
  // At most `most` that nobody asked about for kQuietRequest. Each comes again in a minute unless it is forgotten: what
  // the caller does about it may be undone. Held ones are among them, so that none is kept for ever.
  [[nodiscard]] std::vector<Quiet> quiet(WallTime now, std::size_t most);
  // Of these the one that nobody has asked about for longest, if that is kQuietRequest; no held one.
  [[nodiscard]] std::optional<std::int64_t> most_quiet(const std::vector<std::int64_t>& request_ids, WallTime now);
  // It was answered.
  void forget(std::int64_t request_id);
  // True once: the requests of an earlier process are to be adopted, as if they were asked about now.
  [[nodiscard]] bool is_new();
  void adopt(const std::vector<std::int64_t>& request_ids, WallTime now);

 private:
  struct Entry {
    WallTime seen;
    bool is_held = false;
    WallTime next{};  // among the quiet ones not before this
  };

  [[nodiscard]] static bool is_quiet(const Entry& entry, WallTime now) { return entry.seen + kQuietRequest <= now; }

  std::mutex mutex_;  // guards all below
  std::map<std::int64_t, Entry> entries_;
  WallTime next_sweep_{};
  bool is_new_ = true;
};

}  // namespace signaling::service
