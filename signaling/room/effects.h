// Effects: what the hub wants done, in the order of the members: send, then close, then ask.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/server_frame.h"
#include "signaling/room/ids.h"
#include "signaling/room/question.h"

namespace signaling::room {

struct Send {
  ConnectionId to;
  protocol::SharedFrame frame;
  std::uint64_t s = 0;     // ends the frame; 0: it has none
  bool droppable = false;  // the first to go when the reader is slow
};

// What was queued for it is still sent, `bye` included.
struct Close {
  ConnectionId connection;
  std::uint16_t code = 1000;
  std::string_view reason;  // a literal
};

// For the event log and the metrics.
struct Note {
  std::string_view event;  // a literal: participant_joined, ...
  std::string username;
  std::string data = "{}";  // JSON object
};

struct Effects {
  std::vector<Send> sends;
  std::vector<Close> closes;
  std::vector<Question> questions;
  std::vector<Note> notes;

  [[nodiscard]] bool empty() const { return sends.empty() && closes.empty() && questions.empty() && notes.empty(); }
  void clear() {
    sends.clear();
    closes.clear();
    questions.clear();
    notes.clear();
  }
};

}  // namespace signaling::room
