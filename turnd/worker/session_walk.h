// What the operator asks of all sessions of a worker, a part of them in each turn of its loop: relaying goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/turn/engine.h"

namespace turnd::worker {

struct SessionQuery {
  turn::SessionPredicate which = {};                       // null: all. Called on the workers' threads: borrows nothing
  std::optional<turn::SessionPlace> after = std::nullopt;  // only those behind it
  std::size_t limit = std::numeric_limits<std::size_t>::max();  // the first so many of these, oldest first
};

// So many are looked at in one turn, and so many described or closed: some milliseconds.
inline constexpr std::uint32_t kSessionsPerTurn = 2000;

// A part of the way in each step; the answer comes with the last one. What lives throughout is in it exactly once, as
// far as the limit goes: while there are others, those that end before they are described are made up for.
class SessionList {
 public:
  explicit SessionList(SessionQuery query, std::uint32_t per_step = kSessionsPerTurn)
      : query_(std::move(query)), per_step_(per_step) {}
  [[nodiscard]] std::optional<std::vector<turn::Session>> step(const turn::Engine& engine, const base::Now& now);

 private:
  void look(const turn::Engine& engine, const base::Now& now);
  void keep(const turn::SessionPlace& place);
  void end_walk();
  void describe(const turn::Engine& engine, const base::Now& now);

  SessionQuery query_;  // once some were looked at: only those behind them
  std::uint32_t per_step_;
  std::optional<std::uint32_t> next_ = 0;   // none: all were looked at
  bool was_cut_ = false;                    // there are more of them, behind those that were kept
  std::vector<turn::SessionPlace> oldest_;  // a heap, the youngest first; then what is left to describe
  std::vector<turn::Session> described_;
};

// Ends the sessions for which it holds; how many.
class SessionEnd {
 public:
  SessionEnd(turn::SessionPredicate which, turn::CloseReason reason, std::uint32_t per_step = kSessionsPerTurn)
      : which_(std::move(which)), reason_(reason), per_step_(per_step) {}
  [[nodiscard]] std::optional<std::size_t> step(turn::Engine& engine, const base::Now& now, turn::EffectList& out);

 private:
  turn::SessionPredicate which_;
  turn::CloseReason reason_;
  std::uint32_t per_step_;
  std::uint32_t next_ = 0;
  std::size_t closed_ = 0;
};

// How many sessions each user has who is no shared secret's, by the whole USERNAME.
using SessionTally = std::map<std::string, std::size_t, std::less<>>;
class SessionCount {
 public:
  explicit SessionCount(std::uint32_t per_step = kSessionsPerTurn) : per_step_(per_step) {}
  [[nodiscard]] std::optional<SessionTally> step(const turn::Engine& engine, const base::Now& now);

 private:
  std::uint32_t per_step_;
  std::uint32_t next_ = 0;
  SessionTally tally_;
};

}  // namespace turnd::worker
