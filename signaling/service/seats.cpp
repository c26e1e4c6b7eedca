#include "signaling/service/seats.h"

#include "signaling/service/identity_columns.h"
#include "signaling/store/stored_time.h"

namespace signaling::service {

namespace {

const std::string kSelect =
    "SELECT p.id, p.meeting_id, p.user_id, coalesce(u.name, ''), coalesce(u.username, ''), coalesce(p.guest_id, ''),"
    " coalesce(p.guest_name, ''), coalesce(p.connection_id, ''), p.role, p.is_muted, p.is_video_on, p.is_hand_raised,"
    " p.is_sharing_screen, p.joined_at, p.left_at"
    " FROM meeting_participants p LEFT JOIN users u ON u.id = p.user_id WHERE ";

MeetingParticipant read_participant(const store::Row& row) {
  MeetingParticipant made;
  made.id = row.get<std::int64_t>(0);
  made.meeting_id = row.get<std::int64_t>(1);
  made.user_id = row.get<std::optional<std::int64_t>>(2);
  made.user_name = row.get<std::string>(3);
  made.username = row.get<std::string>(4);
  made.guest_id = row.get<std::string>(5);
  made.guest_name = row.get<std::string>(6);
  made.connection_id = row.get<std::string>(7);
  made.role = protocol::assignable_role(row.get<std::string>(8)).value_or(Role::participant);
  made.muted = row.get<bool>(9);
  made.video_on = row.get<bool>(10);
  made.hand_raised = row.get<bool>(11);
  made.sharing_screen = row.get<bool>(12);
  made.joined_at = row.get<WallTime>(13);
  made.left_at = row.get<std::optional<WallTime>>(14);
  return made;
}

std::optional<std::string> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

}  // namespace

std::optional<MeetingParticipant> seat_of(store::Connection& db, std::int64_t meeting_id, const Identity& who) {
  static const std::string sql =
      kSelect + "p.meeting_id = ?1 AND p.left_at IS NULL AND coalesce(p.user_id, p.guest_id) = coalesce(?2, ?3)";
  return db.one(read_participant, sql, meeting_id, account_column(who), guest_column(who));
}

std::optional<MeetingParticipant> participant_by_id(store::Connection& db, std::int64_t meeting_id, std::int64_t id) {
  static const std::string sql = kSelect + "p.meeting_id = ?1 AND p.id = ?2";
  return db.one(read_participant, sql, meeting_id, id);
}

std::vector<MeetingParticipant> participants(store::Connection& db, std::int64_t meeting_id, Stays which) {
  static const std::string present = kSelect + "p.meeting_id = ?1 AND p.left_at IS NULL ORDER BY p.joined_at, p.id";
  // Two indexes: those who are there are few among all who ever were.
  static const std::string all = kSelect + "p.meeting_id = ?1 AND p.left_at IS NULL UNION ALL " + kSelect +
                                 "p.meeting_id = ?1 AND p.left_at IS NOT NULL ORDER BY 14, 1";
  return db.all(read_participant, which == Stays::present ? present : all, meeting_id);
}

bool took_part(store::Connection& db, std::int64_t meeting_id, const Identity& who) {
  return db.exists(
      "SELECT 1 FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NULL"
      " AND coalesce(user_id, guest_id) = coalesce(?2, ?3) UNION ALL"
      " SELECT 1 FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NOT NULL"
      " AND coalesce(user_id, guest_id) = coalesce(?2, ?3)",
      meeting_id, account_column(who), guest_column(who));
}

// The index of those who are there answers it: in a crowd, to read each one's row would cost more than all the rest of
// a join.
std::int64_t seats_taken(store::Connection& db, const Meeting& meeting) {
  return db
      .value<std::int64_t>(
          "SELECT (SELECT count(*) FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NULL)"
          " + (?2 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM meeting_participants WHERE meeting_id = ?1"
          " AND left_at IS NULL AND coalesce(user_id, guest_id) = ?2))",
          meeting.id, meeting.host_id)
      .value_or(0);
}

bool moderator_present(store::Connection& db, std::int64_t meeting_id) {
  return db.exists(
      "SELECT 1 FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NULL AND role IN ('host', 'co_host')",
      meeting_id);
}

MeetingParticipant take_seat(store::Connection& db, std::int64_t meeting_id, const Identity& who, const NewSeat& seat,
                             WallTime now) {
  const auto id = db.insert(
      "INSERT INTO meeting_participants(meeting_id, user_id, guest_id, guest_name, connection_id, seen_at, role,"
      " joined_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      meeting_id, account_column(who), guest_column(who), who.is_guest() ? std::optional(seat.name) : std::nullopt,
      unless_empty(seat.connection_id), seat.times_out ? std::optional(now) : std::nullopt,
      protocol::to_string(seat.role), now);
  // What an account is called stands elsewhere.
  if (!who.is_guest()) return *participant_by_id(db, meeting_id, id);
  MeetingParticipant made;
  made.id = id;
  made.meeting_id = meeting_id;
  made.guest_id = who.guest_id;
  made.guest_name = seat.name;
  made.connection_id = seat.connection_id;
  made.role = seat.role;
  made.joined_at = store::from_stored(store::to_stored(now));
  return made;
}

void keep_seat(store::Connection& db, std::int64_t id, std::string_view connection_id, WallTime now) {
  db.execute("UPDATE meeting_participants SET seen_at = ?2, connection_id = coalesce(?3, connection_id) WHERE id = ?1",
             id, now, unless_empty(connection_id));
}

void leave_seat(store::Connection& db, std::int64_t id, LeaveReason why, WallTime now) {
  db.execute(
      "UPDATE meeting_participants SET left_at = ?2, left_reason = ?3, connection_id = NULL"
      " WHERE id = ?1 AND left_at IS NULL",
      id, now, protocol::to_string(why));
}

void leave_seat(store::Connection& db, std::int64_t id, std::string_view connection_id, LeaveReason why, WallTime now) {
  db.execute(
      "UPDATE meeting_participants SET left_at = ?2, left_reason = ?3, connection_id = NULL"
      " WHERE id = ?1 AND left_at IS NULL AND connection_id = ?4",
      id, now, protocol::to_string(why), connection_id);
}

void set_seat_role(store::Connection& db, std::int64_t id, Role role) {
  db.execute("UPDATE meeting_participants SET role = ?2 WHERE id = ?1", id, protocol::to_string(role));
}

void set_muted(store::Connection& db, std::int64_t id, bool muted) {
  db.execute("UPDATE meeting_participants SET is_muted = ?2 WHERE id = ?1", id, muted);
}

Standing standing_of(store::Connection& db, const Meeting& meeting, const Identity& who) {
  if (meeting.is_host(who)) return Standing::host;
  const bool is_co_host =
      db.exists("SELECT 1 FROM meeting_roles WHERE meeting_id = ?1 AND user_id = ?2 AND role = 'co_host'", meeting.id,
                account_column(who));
  return standing_of(meeting, who, seat_of(db, meeting.id, who), is_co_host ? Mark::co_host : Mark::none);
}

Standing standing_of(const Meeting& meeting, const Identity& who, const std::optional<MeetingParticipant>& seat,
                     Mark mark) {
  if (meeting.is_host(who)) return Standing::host;
  if (seat && seat->role == Role::host) return Standing::host;
  const bool is_co_host = mark == Mark::co_host || (seat && seat->role == Role::co_host);
  return is_co_host ? Standing::co_host : Standing::none;
}

void make_co_host(store::Connection& db, std::int64_t meeting_id, std::int64_t user_id) {
  db.execute("INSERT OR REPLACE INTO meeting_roles(meeting_id, user_id, role) VALUES (?1, ?2, 'co_host')", meeting_id,
             user_id);
}

void forget_role(store::Connection& db, std::int64_t meeting_id, std::int64_t user_id) {
  db.execute("DELETE FROM meeting_roles WHERE meeting_id = ?1 AND user_id = ?2", meeting_id, user_id);
}

bool is_banned(store::Connection& db, std::int64_t meeting_id, const Identity& who) {
  if (who.is_account()) {
    return db.exists("SELECT 1 FROM meeting_roles WHERE meeting_id = ?1 AND user_id = ?2 AND role = 'banned'",
                     meeting_id, who.user_id);
  }
  return db.exists("SELECT 1 FROM meeting_guest_bans WHERE meeting_id = ?1 AND (guest_id = ?2 OR guest_name = ?3)",
                   meeting_id, who.guest_id, who.name);
}

void ban(store::Connection& db, const MeetingParticipant& who) {
  if (who.user_id) {
    db.execute("INSERT OR REPLACE INTO meeting_roles(meeting_id, user_id, role) VALUES (?1, ?2, 'banned')",
               who.meeting_id, *who.user_id);
  } else {
    db.execute("INSERT OR REPLACE INTO meeting_guest_bans(meeting_id, guest_id, guest_name) VALUES (?1, ?2, ?3)",
               who.meeting_id, who.guest_id, who.guest_name);
  }
}

}  // namespace signaling::service
