// LobbyHistory: the last lines of the lobby, as one packet for all who come.
//
// They are read from storage once and then kept up to date by the lines that the hub hears. Who comes gets what storage
// held when he subscribed, which is certain because his subscription stands in the order of all writes, and the hub
// hears of them in that order:
// - no line is missing and none too many: their numbers run without a gap up to the one that he was told;
// - none has changed: the hub counts what is edited, deleted and cleared, and the count was taken before storage was
//   asked, so that a change meanwhile has the lines read again;
// - what goes by its age goes from here within kTrusted, when everything is read again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "signaling/room/lobby_tail.h"
#include "signaling/socketio/namespace.h"
#include "turnd/base/clock.h"

namespace signaling::gateway {

class LobbyHistory {
 public:
  static constexpr std::size_t kLines = room::LobbyTail::kLines;
  // Far less than the bytes at which a page of storage is cut.
  static constexpr std::size_t kMostBytes = 128 * 1024;
  static constexpr std::chrono::minutes kTrusted{1};

  // What storage held.
  struct State {
    std::int64_t last_seq = 0;
    std::int64_t epoch = 0;
    std::uint64_t changes = 0;  // LobbyTail::changes, from before storage was asked
  };
  // Lines as JSON in the clients' words; an empty one is not shown, but counts.
  using Lines = std::deque<std::string>;

  [[nodiscard]] static socketio::Packet packet_of(const Lines& lines);

  // The newest lines, oldest first, as a page of storage had them.
  void read(const State& state, Lines lines, turnd::base::TimePoint now);
  // The packet for one who was told this when he subscribed; null: the lines have to be read.
  [[nodiscard]] const socketio::Packet* find(const State& told, const room::LobbyTail& tail,
                                             turnd::base::TimePoint now);

 private:
  void catch_up(std::int64_t last_seq, const room::LobbyTail& tail);
  void add(std::string line);

  State state_;
  Lines lines_;
  std::size_t bytes_ = 0;    // of lines_
  socketio::Packet packet_;  // of lines_, once it was wanted
  turnd::base::TimePoint trusted_until_ = turnd::base::TimePoint::min();
};

}  // namespace signaling::gateway
