// Outbox: a session's newest pushes, numbered, sent or not, so that a client that lost its socket misses none (2.4,
// G79d).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "signaling/protocol/server_frame.h"

namespace signaling::room {

class Outbox {
 public:
  struct Bounds {
    std::size_t messages = 256;
    std::size_t bytes = 256 * 1024;
  };

  // The number that the frame got: 1, 2, 3, ...
  std::uint64_t push(protocol::SharedFrame frame, const Bounds& bounds);
  [[nodiscard]] std::uint64_t last() const { return last_; }

  // Whether everything after `s` is still here; false for an `s` from the future.
  [[nodiscard]] bool reaches_back_to(std::uint64_t s) const;
  // What came after `s`, ascending: visit(frame, s).
  template <class Visit>
  void replay(std::uint64_t s, Visit visit) const {
    const std::uint64_t first = last_ - size() + 1;
    for (std::uint64_t number = s < first ? first : s + 1; number <= last_; ++number)
      visit((*kept_)[static_cast<std::size_t>(number - first)], number);
  }

 private:
  [[nodiscard]] std::uint64_t size() const { return kept_ ? kept_->size() : 0; }

  std::unique_ptr<std::deque<protocol::SharedFrame>>
      kept_;  // none before the first push: most idle sessions never get one
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace signaling::room
