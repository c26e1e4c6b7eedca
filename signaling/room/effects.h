// Effects: what the hub wants done, in the order of the members: send, then close, then ask.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/server_frame.h"
#include "signaling/room/ids.h"
#include "signaling/room/meeting_facts.h"
#include "signaling/room/person.h"
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
  boost::json::object data = {};
};

// A name has somebody behind it now, or nobody any more: a session, its window to resume included.
struct Presence {
  Person person;
  bool is_here = false;
};

// What a member of a meeting shows of himself, by the row of his stay; or that he has gone.
struct SeatView {
  std::int64_t participant_id = 0;
  bool is_taken = false;
  protocol::MediaState media = {};
  bool hand = false;
};

struct Effects {
  std::vector<Send> sends;
  std::vector<Close> closes;
  std::vector<Question> questions;
  std::vector<Note> notes;
  std::vector<Presence> presences;
  std::vector<SeatView> seats;

  [[nodiscard]] bool empty() const {
    return sends.empty() && closes.empty() && questions.empty() && notes.empty() && presences.empty() && seats.empty();
  }
  void clear() {
    sends.clear();
    closes.clear();
    questions.clear();
    notes.clear();
    presences.clear();
    seats.clear();
  }
};

}  // namespace signaling::room
