#include "signaling/service/lobby_figures.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace signaling::service {
namespace {

constexpr std::chrono::milliseconds kGoodFor{5'000};
constexpr int kTalkers = 200;  // of whom one may be among the ten soon
constexpr std::size_t kShown = 10;
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

using Talk = std::map<std::string, std::int64_t>;

// Who said how much after that number, those who said most; most < 0: all of them.
Talk talk_after(store::Connection& db, std::int64_t lobby, std::int64_t seq, int most) {
  const auto found =
      db.all([](const store::Row& row) { return std::pair(row.text(0), row.number(1)); },
             "SELECT sender_name, count(*) FROM messages WHERE conversation_id = ?1 AND seq > ?2 AND deleted_at IS NULL"
             " AND type = 'user' GROUP BY sender_name ORDER BY count(*) DESC, sender_name LIMIT ?3",
             lobby, seq, most);
  return {found.begin(), found.end()};
}

std::vector<LobbyStats::Talker> most_active(const Talk& talk) {
  std::vector<LobbyStats::Talker> all;
  for (const auto& [name, messages] : talk) all.push_back({name, messages});
  std::ranges::stable_sort(all, std::ranges::greater{}, &LobbyStats::Talker::messages);  // names are in order
  all.resize(std::min(all.size(), kShown));
  return all;
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
  Day day = of_day_.get(lobby.epoch, now, [&db, &lobby, now] {
    const std::int64_t before = first_since(db, lobby, now - std::chrono::hours(24)) - 1;
    return Day{count_after(db, lobby.id, before).user, talk_after(db, lobby.id, before, kTalkers), lobby.last_seq};
  });
  if (lobby.last_seq > day.last_seq) {
    for (const auto& [name, fresh] : talk_after(db, lobby.id, day.last_seq, -1)) {
      day.messages += fresh;
      day.talk[name] += fresh;
    }
  }
  LobbyStats stats;
  stats.messages = counts(db, lobby, now).user;
  stats.last_day = day.messages;
  stats.most_active = most_active(day.talk);
  return stats;
}

}  // namespace signaling::service
