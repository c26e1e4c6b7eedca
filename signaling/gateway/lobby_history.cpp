#include "signaling/gateway/lobby_history.h"

#include <utility>

#include "signaling/gateway/hub_calls.h"
#include "signaling/gateway/lobby_floor.h"
#include "signaling/gateway/lobby_line.h"
#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {

socketio::Packet LobbyHistory::packet_of(const Lines& lines) {
  std::size_t bytes = 2;
  for (const std::string& line : lines) bytes += line.size() + 1;
  std::string text;
  text.reserve(bytes);
  protocol::JsonWriter array(text);
  array.begin_array();
  for (const std::string& line : lines)
    if (!line.empty()) array.raw(line);
  array.end_array();
  return socketio::make_event(LobbyFloor::kNamespace, "message-history", text);
}

void LobbyHistory::read(const State& state, Lines lines, turnd::base::TimePoint now) {
  state_ = state;
  lines_.clear();
  bytes_ = 0;
  for (std::string& line : lines) add(std::move(line));
  trusted_until_ = now + kTrusted;
}

void LobbyHistory::add(std::string line) {
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  packet_ = {};
  if (lines_.size() <= kLines) return;
  bytes_ -= lines_.front().size();
  lines_.pop_front();
}

// As far as the hub has heard of them without a gap.
void LobbyHistory::catch_up(std::int64_t last_seq, const room::LobbyTail& tail) {
  for (const auto& [seq, frame] : tail.lines) {
    if (seq != state_.last_seq + 1 || seq > last_seq) continue;
    add(lobby_line(Heard(*frame).members()));
    state_.last_seq = seq;
  }
}

const socketio::Packet* LobbyHistory::find(const State& told, const room::LobbyTail& tail, turnd::base::TimePoint now) {
  if (now >= trusted_until_ || told.epoch != state_.epoch || told.changes != state_.changes) return nullptr;
  catch_up(told.last_seq, tail);
  if (told.last_seq != state_.last_seq || bytes_ > kMostBytes) return nullptr;
  if (!packet_.text) packet_ = packet_of(lines_);
  return &packet_;
}

}  // namespace signaling::gateway
