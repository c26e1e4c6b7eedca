#include "signaling/store/schema_parts.h"

namespace signaling::store {

// Conversations, messages and their search index.
const char* const kChatTables = R"sql(
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK(kind IN('direct','group','lobby','meeting')),
  slug TEXT UNIQUE,  -- 'general' for the seed-000 lobby
  direct_key TEXT UNIQUE,  -- 'min:max' user ids: one direct conversation per pair
  title TEXT, owner_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  history TEXT NOT NULL DEFAULT 'persistent' CHECK(history IN('none','session','persistent')),
  retention_s INTEGER,  -- NULL = keep
  last_seq INTEGER NOT NULL DEFAULT 0, last_message_at INTEGER,
  epoch INTEGER NOT NULL DEFAULT 1,  -- bumped by 'clear': clients drop their cache
  cleared_seq INTEGER NOT NULL DEFAULT 0,  -- what 'clear' took away; the rows go later
  created_at INTEGER NOT NULL) STRICT;
CREATE TABLE conversation_participants(
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  role TEXT NOT NULL DEFAULT 'member' CHECK(role IN('owner','moderator','member')),
  last_read_seq INTEGER NOT NULL DEFAULT 0, muted_until INTEGER, joined_at INTEGER NOT NULL,
  PRIMARY KEY(conversation_id, user_id)) STRICT, WITHOUT ROWID;
CREATE INDEX convpart_user ON conversation_participants(user_id, conversation_id);
CREATE TABLE messages(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,  -- 1,2,3… inside the conversation: resume cursor
  sender_id INTEGER REFERENCES users(id) ON DELETE SET NULL, sender_guest TEXT,
  sender_name TEXT NOT NULL,  -- guests and deleted users keep a name
  type TEXT NOT NULL DEFAULT 'user' CHECK(type IN('user','system')),
  content TEXT NOT NULL,
  reply_to INTEGER REFERENCES messages(id) ON DELETE SET NULL,
  client_key TEXT,  -- session/account id + client message id: idempotent resend
  created_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER,
  UNIQUE(conversation_id, seq)) STRICT;
CREATE UNIQUE INDEX messages_client ON messages(client_key) WHERE client_key IS NOT NULL;
CREATE INDEX messages_type ON messages(conversation_id, type, seq);
CREATE INDEX messages_sender ON messages(sender_id, created_at);
CREATE INDEX messages_reply ON messages(reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_time ON messages(created_at);
CREATE VIEW shown_messages AS  -- without what was cleared
  SELECT m.id, m.conversation_id, m.seq, m.sender_id, coalesce(m.sender_guest, ''), m.sender_name, m.type, m.content,
    m.reply_to, m.created_at, m.edited_at, m.deleted_at
  FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.seq > c.cleared_seq;
CREATE TABLE message_reactions(
  message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  reactor TEXT NOT NULL, kind TEXT NOT NULL,  -- 'u:<user id>' or 'g:<guest id>'
  created_at INTEGER NOT NULL, PRIMARY KEY(message_id, kind, reactor)) STRICT, WITHOUT ROWID;

-- Filled behind the messages (search_index.h): rows with an id up to indexed_to are in it, and search_dirty lists those
-- that changed since.
CREATE VIRTUAL TABLE messages_fts USING fts5(content, content='messages', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2');
CREATE TABLE search_progress(one INTEGER PRIMARY KEY CHECK(one = 1), indexed_to INTEGER NOT NULL) STRICT;
INSERT INTO search_progress VALUES (1, 0);
CREATE TABLE search_dirty(message_id INTEGER PRIMARY KEY) STRICT;
)sql";

// An index costs each line of chat a page of its own: those that no query needs go, and accounts alone are found by
// their sender. Keys of clients are known to service/recent_keys.h.
const char* const kFewerChatIndexes = R"sql(
DROP INDEX messages_client;
DROP INDEX messages_type;
DROP INDEX messages_time;
DROP INDEX messages_sender;
CREATE INDEX messages_sender ON messages(sender_id) WHERE sender_id IS NOT NULL;
)sql";

// What goes from conversations by itself is looked for every minute, so those that it concerns are found without the
// others.
const char* const kChatRetention = R"sql(
CREATE INDEX conversations_cleared ON conversations(id) WHERE cleared_seq > 0;
CREATE INDEX conversations_outlived ON conversations(id)
  WHERE retention_s IS NOT NULL OR (history = 'session' AND kind <> 'meeting');
)sql";

// A conversation that was cleared is looked at until nothing of that is left, not for ever.
const char* const kClearedUntilSwept = R"sql(
ALTER TABLE conversations ADD COLUMN swept_seq INTEGER NOT NULL DEFAULT 0;  -- no rows are left up to here
DROP INDEX conversations_cleared;
CREATE INDEX conversations_cleared ON conversations(id) WHERE cleared_seq > swept_seq;
)sql";

}  // namespace signaling::store
