#include "signaling/store/schema_parts.h"

namespace signaling::store {

// Posts, notifications, the outbox, sessions and roll-ups.
const char* const kSiteTables = R"sql(
CREATE TABLE posts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL CHECK(length(title) >= 3), content TEXT NOT NULL,
  format TEXT NOT NULL DEFAULT 'html' CHECK(format IN('html','markdown','text')),
  author_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  published INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE INDEX posts_recent ON posts(created_at DESC);
CREATE TABLE notifications(
  id INTEGER PRIMARY KEY AUTOINCREMENT, recipient_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  sender_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  type TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL,
  meeting_id INTEGER REFERENCES meetings(id) ON DELETE CASCADE, data TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(data)),
  created_at INTEGER NOT NULL, read_at INTEGER) STRICT;
CREATE INDEX notif_user ON notifications(recipient_id, read_at, id);
CREATE TABLE outbox(  -- mail, calendar, webhook, amqp: at-least-once, idempotent by key
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL CHECK(kind IN('email','webhook','gcal','amqp')),
  dedupe_key TEXT UNIQUE, payload TEXT NOT NULL CHECK(json_valid(payload)),
  due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, locked_by TEXT, locked_until INTEGER,
  done_at INTEGER, last_error TEXT, created_at INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_due ON outbox(due_at) WHERE done_at IS NULL;
CREATE TABLE sessions(
  id TEXT PRIMARY KEY, node TEXT NOT NULL, user_id INTEGER REFERENCES users(id) ON DELETE CASCADE, username TEXT,
  transport TEXT NOT NULL, ip TEXT, user_agent TEXT,
  connected_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, closed_at INTEGER,
  close_code INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_open ON sessions(node) WHERE closed_at IS NULL;
CREATE TABLE stats_hourly(
  hour INTEGER NOT NULL, metric TEXT NOT NULL, label TEXT NOT NULL DEFAULT '', n INTEGER NOT NULL, sum REAL, max REAL,
  PRIMARY KEY(hour, metric, label)) STRICT, WITHOUT ROWID;
)sql";

// A sender looks at the rows of its kind alone, and what was sent goes whatever else waits.
const char* const kOutboxIndexes = R"sql(
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox(kind, due_at) WHERE done_at IS NULL;
CREATE INDEX outbox_done ON outbox(done_at) WHERE done_at IS NOT NULL;
)sql";

// What of the event log is in the outbox already, for each kind that takes events.
const char* const kEventCursors = R"sql(
CREATE TABLE event_cursors(
  kind TEXT PRIMARY KEY CHECK(kind IN('webhook','amqp')), event_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// A meeting that is deleted takes its notifications along.
const char* const kNotificationsOfMeetings = R"sql(
CREATE INDEX notif_meeting ON notifications(meeting_id) WHERE meeting_id IS NOT NULL;
)sql";

}  // namespace signaling::store
