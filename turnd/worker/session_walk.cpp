#include "turnd/worker/session_walk.h"

#include <algorithm>
#include <utility>

namespace turnd::worker {

std::optional<std::vector<turn::Session>> SessionList::step(const turn::Engine& engine, const base::Now& now) {
  if (next_) {
    look(engine, now);
    if (!next_) end_walk();
    if (next_ || !oldest_.empty()) return std::nullopt;
  }
  describe(engine, now);
  if (!oldest_.empty()) return std::nullopt;
  if (!was_cut_ || described_.size() == query_.limit) return std::move(described_);
  next_ = 0;
  was_cut_ = false;
  return std::nullopt;
}

void SessionList::look(const turn::Engine& engine, const base::Now& now) {
  next_ = engine.visit_sessions({*next_, per_step_}, now, [this](const turn::SessionGlance& session) {
    if (query_.after && session.place() <= *query_.after) return;
    if (!query_.which || query_.which(session)) keep(session.place());
  });
}

void SessionList::keep(const turn::SessionPlace& place) {
  oldest_.push_back(place);
  std::ranges::push_heap(oldest_);
  if (described_.size() + oldest_.size() <= query_.limit) return;
  std::ranges::pop_heap(oldest_);
  oldest_.pop_back();
  was_cut_ = true;
}

void SessionList::end_walk() {
  std::ranges::sort(oldest_, std::ranges::greater());  // the oldest last: it is taken first
  if (!oldest_.empty()) query_.after = oldest_.front();
}

void SessionList::describe(const turn::Engine& engine, const base::Now& now) {
  for (std::uint32_t left = per_step_; left > 0 && !oldest_.empty(); --left) {
    if (auto session = engine.session(oldest_.back().id, now)) described_.push_back(std::move(*session));
    oldest_.pop_back();
  }
}

std::optional<std::size_t> SessionEnd::step(turn::Engine& engine, const base::Now& now, turn::EffectList& out) {
  std::vector<turn::SessionId> chosen;
  const auto next = engine.visit_sessions({next_, per_step_}, now, [&](const turn::SessionGlance& session) {
    if (which_(session)) chosen.push_back(session.id);
  });
  for (const turn::SessionId id : chosen) closed_ += engine.close_session(id, reason_, now, out) ? 1 : 0;
  if (!next) return closed_;
  next_ = *next;
  return std::nullopt;
}

std::optional<SessionTally> SessionCount::step(const turn::Engine& engine, const base::Now& now) {
  const auto next = engine.visit_sessions({next_, per_step_}, now, [this](const turn::SessionGlance& session) {
    if (!session.secret_id.empty()) return;
    const auto found = tally_.find(session.username);
    if (found == tally_.end())
      tally_.emplace(session.username, 1);
    else
      ++found->second;
  });
  if (!next) return std::move(tally_);
  next_ = *next;
  return std::nullopt;
}

}  // namespace turnd::worker
