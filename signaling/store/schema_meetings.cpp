#include "signaling/store/schema_parts.h"

namespace signaling::store {

// Meetings, who may enter them, who did, and what was recorded.
const char* const kMeetingsTables = R"sql(
CREATE TABLE meetings(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK(length(code) <= 16),
  host_id INTEGER REFERENCES users(id) ON DELETE CASCADE,  -- NULL = anonymous seed-003 room
  conversation_id INTEGER REFERENCES conversations(id) ON DELETE SET NULL,
  title TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', course_ref TEXT,
  meeting_type TEXT NOT NULL DEFAULT 'instant' CHECK(meeting_type IN('instant','scheduled','lecture')),
  access_type TEXT NOT NULL DEFAULT 'public' CHECK(access_type IN('public','private','approval_required')),
  status TEXT NOT NULL DEFAULT 'waiting' CHECK(status IN('waiting','active','ended')),
  password_sealed BLOB,  -- AES-256-GCM under the server's key: hosts read it again
  is_locked INTEGER NOT NULL DEFAULT 0,
  waiting_room INTEGER NOT NULL DEFAULT 0, guests_allowed INTEGER NOT NULL DEFAULT 1,
  join_before_host INTEGER NOT NULL DEFAULT 0,
  allow_screen_share INTEGER NOT NULL DEFAULT 1, allow_unmute INTEGER NOT NULL DEFAULT 1,
  enable_chat INTEGER NOT NULL DEFAULT 1, enable_reactions INTEGER NOT NULL DEFAULT 1,
  is_recorded INTEGER NOT NULL DEFAULT 0, allow_recording_access INTEGER NOT NULL DEFAULT 0,
  max_participants INTEGER NOT NULL DEFAULT 100 CHECK(max_participants BETWEEN 2 AND 500),
  ice_policy TEXT NOT NULL DEFAULT 'all' CHECK(ice_policy IN('all','relay')),
  scheduled_time INTEGER, duration_min INTEGER, timezone TEXT, rrule TEXT,
  ical_uid TEXT UNIQUE, ical_sequence INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER, ended_at INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE INDEX meetings_host ON meetings(host_id, created_at);
CREATE INDEX meetings_due ON meetings(scheduled_time) WHERE status <> 'ended' AND scheduled_time IS NOT NULL;
CREATE TABLE meeting_participants(  -- one row per stay
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  user_id INTEGER REFERENCES users(id) ON DELETE SET NULL, guest_id TEXT, guest_name TEXT,
  connection_id TEXT,  -- peerId while a socket is there
  seen_at INTEGER,     -- of a seat without a socket: when it was last asked for; NULL: it does not time out
  role TEXT NOT NULL DEFAULT 'participant' CHECK(role IN('host','co_host','participant')),
  is_muted INTEGER NOT NULL DEFAULT 0, is_video_on INTEGER NOT NULL DEFAULT 1,
  is_hand_raised INTEGER NOT NULL DEFAULT 0, is_sharing_screen INTEGER NOT NULL DEFAULT 0,
  joined_at INTEGER NOT NULL, left_at INTEGER,
  left_reason TEXT CHECK(left_reason IS NULL OR
    left_reason IN('left','kicked','ended','timeout','replaced','node_lost')),
  path TEXT CHECK(path IS NULL OR path IN('direct','relay','mixed')), rtt_ms_avg INTEGER, loss_pct_avg REAL) STRICT;
CREATE INDEX mp_active ON meeting_participants(meeting_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX mp_one_account ON meeting_participants(meeting_id, user_id)
  WHERE left_at IS NULL AND user_id IS NOT NULL;
CREATE UNIQUE INDEX mp_one_guest ON meeting_participants(meeting_id, guest_id)
  WHERE left_at IS NULL AND guest_id IS NOT NULL;
CREATE INDEX mp_seen ON meeting_participants(seen_at)
  WHERE left_at IS NULL AND connection_id IS NULL AND seen_at IS NOT NULL;
CREATE INDEX mp_user ON meeting_participants(user_id, joined_at);
CREATE TABLE meeting_roles(  -- standing co-hosts and bans, survive a stay
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK(role IN('co_host','banned')),
  PRIMARY KEY(meeting_id, user_id)) STRICT, WITHOUT ROWID;
CREATE TABLE meeting_guest_bans(
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, guest_id TEXT NOT NULL,
  guest_name TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY(meeting_id, guest_id)) STRICT, WITHOUT ROWID;
CREATE TABLE meeting_reminders(  -- what was sent: a restart does not send it again
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN('soon','start')), sent_at INTEGER NOT NULL,
  PRIMARY KEY(meeting_id, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE join_requests(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  user_id INTEGER REFERENCES users(id) ON DELETE CASCADE,
  guest_id TEXT, guest_name TEXT, guest_email TEXT,
  reason TEXT NOT NULL CHECK(reason IN('approval_required','waiting_room','not_started')),
  status TEXT NOT NULL DEFAULT 'pending' CHECK(status IN('pending','approved','denied','expired','cancelled')),
  handled_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
  requested_at INTEGER NOT NULL, handled_at INTEGER, expires_at INTEGER) STRICT;
CREATE UNIQUE INDEX jr_one_pending ON join_requests(meeting_id, user_id)
  WHERE status = 'pending' AND user_id IS NOT NULL;
CREATE UNIQUE INDEX jr_one_pending_guest ON join_requests(meeting_id, guest_id)
  WHERE status = 'pending' AND guest_id IS NOT NULL;
CREATE INDEX jr_user ON join_requests(meeting_id, user_id);
CREATE INDEX jr_pending ON join_requests(meeting_id, requested_at) WHERE status = 'pending';
CREATE TABLE invites(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  email TEXT NOT NULL COLLATE NOCASE, user_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
  invited_by INTEGER REFERENCES users(id) ON DELETE SET NULL,
  role TEXT NOT NULL DEFAULT 'participant' CHECK(role IN('co_host','participant')),
  status TEXT NOT NULL DEFAULT 'pending' CHECK(status IN('pending','accepted','declined','revoked','expired')),
  token_hash BLOB NOT NULL UNIQUE, sent_at INTEGER, responded_at INTEGER, created_at INTEGER NOT NULL,
  UNIQUE(meeting_id, email)) STRICT;
CREATE INDEX invites_user ON invites(user_id, status);
CREATE TABLE recordings(
  id INTEGER PRIMARY KEY AUTOINCREMENT, meeting_id INTEGER NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
  started_by INTEGER REFERENCES users(id) ON DELETE SET NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
  duration_s INTEGER, bytes INTEGER, mime TEXT,
  storage TEXT NOT NULL DEFAULT 'client' CHECK(storage IN('client','file','url')),
  path_or_url TEXT, sha256 BLOB,
  status TEXT NOT NULL CHECK(status IN('recording','uploading','ready','failed','deleted'))) STRICT;
CREATE INDEX recordings_meeting ON recordings(meeting_id);
CREATE TABLE recording_parts(
  recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, part INTEGER NOT NULL CHECK(part >= 1),
  bytes INTEGER NOT NULL,
  PRIMARY KEY(recording_id, part)) STRICT, WITHOUT ROWID;
)sql";

// One index says who is there, account or guest, and that nobody is there twice.
const char* const kLeanStays = R"sql(
DROP INDEX mp_active;
DROP INDEX mp_one_account;
DROP INDEX mp_one_guest;
DROP INDEX mp_user;
CREATE UNIQUE INDEX mp_present ON meeting_participants(meeting_id, coalesce(user_id, guest_id)) WHERE left_at IS NULL;
CREATE INDEX mp_user ON meeting_participants(user_id, joined_at) WHERE user_id IS NOT NULL;
CREATE INDEX mp_past ON meeting_participants(meeting_id) WHERE left_at IS NOT NULL;
CREATE UNIQUE INDEX meetings_conversation ON meetings(conversation_id) WHERE conversation_id IS NOT NULL;
)sql";

// All stays of a meeting are found by one index, also when it is deleted; those who are there stand first in it.
const char* const kStaysByMeeting = R"sql(
DROP INDEX mp_past;
CREATE INDEX mp_stay ON meeting_participants(meeting_id, left_at);
)sql";

}  // namespace signaling::store
