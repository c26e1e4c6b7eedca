// LobbyTail: what the hub heard last of the lobby, whoever listens, in the order in which it was stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "signaling/protocol/server_frame.h"

namespace signaling::room {

struct LobbyTail {
  static constexpr std::size_t kLines = 50;
  struct Line {
    std::int64_t seq = 0;
    protocol::SharedFrame frame;  // `chat`
  };
  std::deque<Line> lines;     // the newest, as they were said
  std::uint64_t changes = 0;  // how often lines were edited, deleted or cleared

  void add(std::int64_t seq, protocol::SharedFrame frame) {
    lines.push_back({seq, std::move(frame)});
    if (lines.size() > kLines) lines.pop_front();
  }
};

}  // namespace signaling::room
