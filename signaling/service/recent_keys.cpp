#include "signaling/service/recent_keys.h"

#include <array>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "turnd/base/bytes.h"
#include "turnd/crypto/random.h"

namespace signaling::service {

RecentKeys::RecentKeys() : RecentKeys(Bounds()) {}

RecentKeys::RecentKeys(Bounds bounds) : bounds_(bounds) {
  std::array<std::uint8_t, sizeof(hash_key_)> random{};
  turnd::crypto::system_random(random);
  std::memcpy(hash_key_.data(), random.data(), random.size());
}

void RecentKeys::load(store::Connection& db) {
  struct Line {
    std::int64_t id;
    std::string key;
    WallTime created_at;
  };
  const auto read = [](const store::Row& row) { return Line{row.number(0), row.text(1), row.get<WallTime>(2)}; };
  std::vector<Line> lines;  // newest first
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  std::size_t got = bounds_.known;
  while (got == bounds_.known && lines.size() < bounds_.most &&
         (lines.empty() || lines.front().created_at - lines.back().created_at < bounds_.lasts)) {
    auto slice = db.all(read,
                        "SELECT id, coalesce(client_key, ''), created_at FROM messages WHERE id < ?1"
                        " ORDER BY id DESC LIMIT ?2",
                        before, bounds_.known);
    got = slice.size();
    if (got != 0) before = slice.back().id;
    lines.insert(lines.end(), std::make_move_iterator(slice.begin()), std::make_move_iterator(slice.end()));
  }
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    give_out(line->id);
    if (!line->key.empty()) remember(line->key, line->id, line->created_at);
  }
}

void RecentKeys::give_out(std::int64_t message_id) {
  if (message_id <= last_id_) {
    for (Half* half : {&young_, &old_})
      erase_if(half->passed, [message_id](const auto& entry) { return entry.second.id >= message_id; });
  }
  last_id_ = message_id;
}

void RecentKeys::remember(std::string_view key, std::int64_t message_id, WallTime now) {
  turn_over(now);
  young_.kept[hash(key)] = message_id;
}

void RecentKeys::remember(std::string_view key, const Passed& message, WallTime now) {
  turn_over(now);
  young_.passed[hash(key)] = message;
}

void RecentKeys::turn_over(WallTime now) {
  if (young_.size() == 0 || now < young_.since) young_.since = now;  // the clock may be put back
  const bool is_grown = young_.size() >= bounds_.known && now - young_.since >= bounds_.lasts;
  if (!is_grown && young_.size() < bounds_.most) return;
  old_ = std::exchange(young_, {});
  young_.since = now;
  young_.kept.reserve(old_.kept.size());  // the load will go on: no growing on the way
  young_.passed.reserve(old_.passed.size());
}

std::optional<std::int64_t> RecentKeys::find(store::Connection& db, std::string_view key) const {
  const std::uint64_t hashed = hash(key);
  for (const Half* half : {&young_, &old_}) {
    const auto found = half->kept.find(hashed);
    if (found != half->kept.end() &&
        db.exists("SELECT 1 FROM messages WHERE id = ?1 AND client_key = ?2", found->second, key))
      return found->second;
  }
  return std::nullopt;
}

// It has no row to ask. What was undone since has taken its id back.
std::optional<RecentKeys::Passed> RecentKeys::find_passed(store::Connection& db, std::string_view key) const {
  if (young_.passed.empty() && old_.passed.empty()) return std::nullopt;
  const std::uint64_t hashed = hash(key);
  for (const Half* half : {&young_, &old_}) {
    const auto found = half->passed.find(hashed);
    if (found != half->passed.end() &&
        db.exists("SELECT 1 FROM sqlite_sequence WHERE name = 'messages' AND seq >= ?1", found->second.id))
      return found->second;
  }
  return std::nullopt;
}

std::uint64_t RecentKeys::hash(std::string_view key) const {
  return turnd::auth::siphash(hash_key_, turnd::base::as_bytes(key));
}

}  // namespace signaling::service
