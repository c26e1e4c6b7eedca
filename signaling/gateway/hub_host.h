// HubHost: the hub on the loop: what connections say goes in, what it wants done is done at the end of each turn.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "signaling/net/loop.h"
#include "signaling/room/hub.h"
#include "turnd/base/random_source.h"

namespace signaling::gateway {

// The far end of one of the hub's connections. On the loop's thread, never from within a call of HubHost.
class HubEnd {
 public:
  virtual ~HubEnd() = default;
  virtual void on_send(const room::Send& send) = 0;
  // The hub has ended it; what was sent before is still to go out. Nothing follows.
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

// Answers the hub's questions, later, through HubHost::answer(). Told ones have ticket 0.
class QuestionRunner {
 public:
  virtual ~QuestionRunner() = default;
  virtual void run(room::Question question) = 0;
};

// Everything but post_notice() and post_answer() belongs to the loop's thread. Constructed after the server of that
// loop, so that what a turn brings is written in the same turn.
class HubHost {
 public:
  struct Parts {
    net::Loop& loop;
    QuestionRunner& questions;             // outlives the host
    std::function<void(room::Note)> note;  // for the event log and the metrics
    std::function<void(std::vector<room::Presence>)> show_presences;
    std::function<void(const std::vector<room::SeatView>&)> show_seats;
    std::function<turnd::base::WallTime()> wall_clock;
    turnd::base::RandomSource random;
  };
  HubHost(room::HubSettings settings, Parts parts);

  // `end` outlives the connection: until disconnect(), or its on_close().
  [[nodiscard]] room::ConnectionId connect(HubEnd& end, room::Opening opening);
  void say(room::ConnectionId from, std::string_view text);
  void ping(room::ConnectionId from);
  [[nodiscard]] bool take_name(room::ConnectionId by, const std::string& name);
  void disconnect(room::ConnectionId who, room::Ending how);
  void notice(const room::Notice& notice);
  void drain(std::chrono::milliseconds over);
  void set_settings(room::HubSettings settings) { hub_.set_settings(std::move(settings)); }
  [[nodiscard]] const room::Hub& hub() const { return hub_; }

  // From any thread; in the order of the calls.
  void post_answer(room::Ticket ticket, room::Answer answer);
  void post_notices(std::vector<room::Notice> notices);
  // Somebody watches the event log; from any thread, as of the end of the last turn.
  [[nodiscard]] bool shows_log() const { return shows_log_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    HubEnd* end = nullptr;
    std::uint32_t generation = 0;
  };
  [[nodiscard]] room::Now now() const;
  [[nodiscard]] Slot* slot(room::ConnectionId id);
  void free(room::ConnectionId id);
  void carry_out();
  void do_all(room::Effects effects);
  void arm_timer();

  Parts parts_;
  room::Hub hub_;
  std::vector<Slot> slots_;  // a connection's id holds its place here, so that finding it costs nothing
  std::vector<std::uint32_t> free_;
  std::optional<net::Loop::TimerId> timer_;
  room::Effects spare_;
  std::atomic<bool> shows_log_ = false;
};

}  // namespace signaling::gateway
