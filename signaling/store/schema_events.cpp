#include "signaling/store/schema_parts.h"

namespace signaling::store {

// The event log, in a file of its own.
const char* const kEventsTables = R"sql(
CREATE TABLE event_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT, ts INTEGER NOT NULL,
  level TEXT NOT NULL CHECK(level IN('info','warn','error')), service TEXT NOT NULL, event TEXT NOT NULL,
  username TEXT, data TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(data)),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(metadata))) STRICT;
CREATE INDEX ev_ts ON event_log(ts);
CREATE INDEX ev_user ON event_log(username, ts);
CREATE INDEX ev_service ON event_log(service, level, ts);
CREATE TABLE event_counts(  -- O(1) /api/logs/stats
  service TEXT NOT NULL, level TEXT NOT NULL, event TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(service, level, event)) STRICT, WITHOUT ROWID;
)sql";

// Ids grow with time, so that times need no index; most rows are `info` and stay out of the one of levels. That data is
// JSON is known to who wrote it.
const char* const kLeanEvents = R"sql(
CREATE TABLE lean_event_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT, ts INTEGER NOT NULL,
  level TEXT NOT NULL CHECK(level IN('info','warn','error')), service TEXT NOT NULL, event TEXT NOT NULL,
  username TEXT, data TEXT NOT NULL, metadata TEXT NOT NULL) STRICT;
INSERT INTO lean_event_log SELECT * FROM event_log;
DELETE FROM sqlite_sequence WHERE name = 'lean_event_log';
INSERT INTO sqlite_sequence SELECT 'lean_event_log', seq FROM sqlite_sequence WHERE name = 'event_log';
DROP TABLE event_log;
ALTER TABLE lean_event_log RENAME TO event_log;
CREATE INDEX ev_user ON event_log(username) WHERE username IS NOT NULL;
CREATE INDEX ev_level ON event_log(level) WHERE level <> 'info';
)sql";

}  // namespace signaling::store
