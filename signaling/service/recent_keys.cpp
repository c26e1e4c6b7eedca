#include "signaling/service/recent_keys.h"

#include <functional>
#include <string>
#include <utility>

namespace signaling::service {

void RecentKeys::load(store::Connection& db) {
  const auto rows = db.all([](const store::Row& row) { return std::pair(row.text(0), row.number(1)); },
                           "SELECT client_key, id FROM (SELECT client_key, id FROM messages ORDER BY id DESC LIMIT ?1)"
                           " WHERE client_key IS NOT NULL",
                           known_);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) remember(row->first, row->second);
}

void RecentKeys::remember(std::string_view key, std::int64_t message_id) {
  if (young_.size() >= known_) old_ = std::exchange(young_, {});
  young_[std::hash<std::string_view>{}(key)] = message_id;
}

std::optional<std::int64_t> RecentKeys::find(store::Connection& db, std::string_view key) const {
  const std::size_t hash = std::hash<std::string_view>{}(key);
  for (const Ids* ids : {&young_, &old_}) {
    const auto found = ids->find(hash);
    if (found != ids->end() &&
        db.exists("SELECT 1 FROM messages WHERE id = ?1 AND client_key = ?2", found->second, key))
      return found->second;
  }
  return std::nullopt;
}

}  // namespace signaling::service
