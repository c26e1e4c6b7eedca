#include "signaling/store/schema_parts.h"

namespace signaling::store {

// Accounts, tokens, keys and participants of the lobby.
const char* const kAccountsTables = R"sql(
CREATE TABLE users(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  password_hash TEXT,  -- argon2id PHC string; NULL = SSO/invited only
  age INTEGER CHECK(age IS NULL OR age BETWEEN 0 AND 150),
  is_active INTEGER NOT NULL DEFAULT 1,
  is_admin INTEGER NOT NULL DEFAULT 0,
  is_verified INTEGER NOT NULL DEFAULT 0,
  avatar_url TEXT, locale TEXT, timezone TEXT,
  prefs TEXT NOT NULL DEFAULT '{}' CHECK(json_valid(prefs)),
  token_epoch INTEGER NOT NULL DEFAULT 0,  -- an access token of another epoch is void
  last_login_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE refresh_tokens(
  id BLOB PRIMARY KEY,  -- SHA-256 of the opaque token
  family BLOB NOT NULL,  -- rotation family; reuse of a used token revokes the family
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER, revoked_at INTEGER,
  user_agent TEXT, ip TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_user ON refresh_tokens(user_id, expires_at);
CREATE INDEX refresh_family ON refresh_tokens(family);
CREATE INDEX refresh_expiry ON refresh_tokens(expires_at);
CREATE TABLE one_time_tokens(  -- e-mail verification, password reset, guest invite links
  id BLOB PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN('verify','reset','invite','calendar')),
  user_id INTEGER REFERENCES users(id) ON DELETE CASCADE, subject TEXT,
  expires_at INTEGER NOT NULL, used_at INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_user ON one_time_tokens(user_id, kind);
CREATE INDEX one_time_expiry ON one_time_tokens(expires_at);
CREATE TABLE login_addresses(  -- where an account logged in from: such an address is not held up by others' tries
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, ip TEXT NOT NULL, last_login_at INTEGER NOT NULL,
  PRIMARY KEY(user_id, ip)) STRICT, WITHOUT ROWID;
CREATE TABLE guests(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash BLOB NOT NULL UNIQUE,
  meeting TEXT,  -- UUID of the only meeting it may enter
  created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX guests_seen ON guests(last_seen_at);
CREATE TABLE api_keys(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, key_hash BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL CHECK(json_valid(scopes)),
  created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER) STRICT;
CREATE TABLE participants(
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown as 24-hex "_id"
  username TEXT NOT NULL COLLATE NOCASE UNIQUE,
  user_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  guest_secret_hash BLOB,  -- lets the same browser take its name back
  is_online INTEGER NOT NULL DEFAULT 0,
  holder TEXT,  -- who holds the name by a live socket
  joined_at INTEGER NOT NULL, left_at INTEGER, last_seen_at INTEGER NOT NULL) STRICT;
CREATE INDEX participants_online ON participants(is_online, last_seen_at);
)sql";

// A guest's secret begins with his id, so his row is found without an index of secrets, whose order is random; a name
// that a socket holds does not time out.
const char* const kLeanPresence = R"sql(
CREATE TABLE lean_guests(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash BLOB NOT NULL,
  meeting TEXT,  -- UUID of the only meeting it may enter
  created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO lean_guests SELECT id, name, secret_hash, meeting, created_at, last_seen_at FROM guests;
DROP TABLE guests;
ALTER TABLE lean_guests RENAME TO guests;
CREATE INDEX guests_seen ON guests(last_seen_at);
DROP INDEX participants_online;
CREATE INDEX participants_idle ON participants(last_seen_at) WHERE holder IS NULL;
)sql";

// Who is online by HTTP and who is not are each found without the others. Secrets made before ids began them (step 3)
// are found by themselves: their rows grow no more, and go with the guest.
const char* const kPresenceByState = R"sql(
DROP INDEX participants_idle;
CREATE INDEX participants_idle ON participants(last_seen_at) WHERE is_online = 0 AND holder IS NULL;
CREATE INDEX participants_silent ON participants(last_seen_at) WHERE is_online = 1 AND holder IS NULL;
CREATE TABLE old_guest_secrets(
  secret_hash BLOB PRIMARY KEY,
  guest_id TEXT NOT NULL REFERENCES guests(id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
CREATE INDEX old_guest_secrets_guest ON old_guest_secrets(guest_id);
INSERT OR IGNORE INTO old_guest_secrets SELECT secret_hash, id FROM guests
  WHERE created_at <= (SELECT applied_at FROM schema_migrations WHERE version = 3);
)sql";

}  // namespace signaling::store
