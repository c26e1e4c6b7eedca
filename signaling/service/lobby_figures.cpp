#include "signaling/service/lobby_figures.h"

#include <algorithm>
#include <utility>

namespace signaling::service {
namespace {

constexpr std::chrono::milliseconds kGoodFor{5'000};
constexpr int kShare = 20;  // counting takes a twentieth of one thread's time at most, however long the lobby is

LobbyCounts count_after(store::Connection& db, std::int64_t lobby, std::int64_t seq) {
  const auto read = [](const store::Row& row) { return LobbyCounts{row.number(0), row.number(1)}; };
  return db
      .one(read,
           "SELECT count(*), coalesce(sum(type = 'user'), 0) FROM messages"
           " WHERE conversation_id = ?1 AND seq > ?2 AND deleted_at IS NULL",
           lobby, seq)
      .value_or(LobbyCounts{});
}

// The first message at that time or later, or one beyond the last: times grow with numbers.
std::int64_t first_since(store::Connection& db, const Conversation& lobby, WallTime time) {
  std::int64_t low = lobby.cleared_seq + 1, high = lobby.last_seq + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto found = db.value<WallTime>(
        "SELECT created_at FROM messages WHERE conversation_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1", lobby.id,
        middle);
    if (!found || *found >= time)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

LobbyStats stats_of_day(store::Connection& db, const Conversation& lobby, WallTime now) {
  LobbyStats stats;
  const std::int64_t first = first_since(db, lobby, now - std::chrono::hours(24));
  stats.last_day = count_after(db, lobby.id, first - 1).user;
  stats.most_active = db.all(
      [](const store::Row& row) {
        return LobbyStats::Talker{row.text(0), row.number(1)};
      },
      "SELECT sender_name, count(*) FROM messages WHERE conversation_id = ?1 AND seq >= ?2 AND deleted_at IS NULL"
      " AND type = 'user' GROUP BY sender_name ORDER BY count(*) DESC, sender_name LIMIT 10",
      lobby.id, first);
  return stats;
}

}  // namespace

template <class Value>
template <class Count>
Value LobbyFigures::Kept<Value>::get(std::int64_t epoch, WallTime now, Count count) {
  {
    const std::lock_guard lock(mutex_);
    const bool is_known = value_ && epoch_ == epoch;
    if (is_known && now >= since_ && now < until_) return *value_;
    since_ = now;
    if (is_known) until_ = now + kGoodFor;  // one counts; the others go on with what there is
  }
  const auto begin = std::chrono::steady_clock::now();
  Value value = count();
  const auto took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  const std::lock_guard lock(mutex_);
  value_ = value;
  epoch_ = epoch;
  until_ = now + std::max(kGoodFor, kShare * took);
  return value;
}

LobbyCounts LobbyFigures::counts(store::Connection& db, const Conversation& lobby, WallTime now) {
  const Counted known = counted_.get(lobby.epoch, now, [&db, &lobby] {
    return Counted{count_after(db, lobby.id, lobby.cleared_seq), lobby.last_seq};
  });
  if (lobby.last_seq <= known.last_seq) return known.counts;
  const LobbyCounts fresh = count_after(db, lobby.id, known.last_seq);
  return {known.counts.all + fresh.all, known.counts.user + fresh.user};
}

LobbyStats LobbyFigures::stats(store::Connection& db, const Conversation& lobby, WallTime now) {
  LobbyStats stats = of_day_.get(lobby.epoch, now, [&] { return stats_of_day(db, lobby, now); });
  stats.messages = counts(db, lobby, now).user;
  return stats;
}

}  // namespace signaling::service
