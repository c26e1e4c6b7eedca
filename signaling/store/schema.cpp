#include "signaling/store/schema.h"

#include <array>
#include <string>
#include <vector>

#include "signaling/store/connection.h"
#include "signaling/store/schema_parts.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hash.h"

namespace signaling::store {
namespace {

constexpr const char* kHistory =
    "CREATE TABLE IF NOT EXISTS schema_migrations("
    "version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, checksum TEXT NOT NULL) STRICT";

std::string checksum_of(Step step) {
  std::string all;
  for (const char* sql : step) all += sql;
  return turnd::base::to_hex(turnd::crypto::sha256({turnd::base::as_bytes(all)}));
}

void check_taken(const std::vector<std::string>& taken, const Schema& schema) {
  if (taken.size() > schema.steps.size())
    throw StorageError(StorageErrorKind::newer,
                       "it was written by a newer signald (schema " + std::to_string(taken.size()) + ")");
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (taken[i] != checksum_of(schema.steps[i]))
      throw StorageError(StorageErrorKind::corrupt,
                         "step " + std::to_string(i + 1) + " of its schema is not the one of this signald");
}

void take(Connection& connection, const Schema& schema, std::size_t index, WallTime now) {
  for (const char* sql : schema.steps[index]) connection.run_script(sql);
  connection.execute("INSERT INTO schema_migrations VALUES (?1, ?2, ?3)", index + 1, now,
                     checksum_of(schema.steps[index]));
}

}  // namespace

const Schema& main_schema() {
  static const std::array first{kAccountsTables, kChatTables, kMeetingsTables, kSiteTables};
  static const std::array second{kFewerChatIndexes};
  static const std::array third{kLeanPresence, kLeanStays, kChatRetention, kEventCursors, kOutboxIndexes};
  static const std::array fourth{kPresenceByState, kClearedUntilSwept, kStaysByMeeting, kNotificationsOfMeetings};
  static const std::array<Step, 4> steps{Step(first), Step(second), Step(third), Step(fourth)};
  static const Schema schema{steps};
  return schema;
}

const Schema& events_schema() {
  static const std::array first{kEventsTables};
  static const std::array second{kLeanEvents};
  static const std::array<Step, 2> steps{Step(first), Step(second)};
  static const Schema schema{steps};
  return schema;
}

void migrate(Connection& connection, const Schema& schema, WallTime now) {
  Transaction transaction(connection);  // two that open at once take turns
  connection.run_script(kHistory);
  const auto taken = connection.all([](const Row& row) { return row.get<std::string>(0); },
                                    "SELECT checksum FROM schema_migrations ORDER BY version");
  check_taken(taken, schema);
  for (std::size_t i = taken.size(); i < schema.steps.size(); ++i) take(connection, schema, i, now);
  transaction.commit();
}

}  // namespace signaling::store
