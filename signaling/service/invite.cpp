#include "signaling/service/invite.h"

#include <array>

#include "signaling/service/identity_columns.h"
#include "signaling/store/stored_time.h"
#include "turnd/base/bytes.h"
#include "turnd/crypto/hash.h"

namespace signaling::service {

namespace {

constexpr std::array<std::string_view, 5> kStatus{"pending", "accepted", "declined", "revoked", "expired"};

const std::string kSelect =
    "SELECT i.id, i.meeting_id, i.email, i.user_id, coalesce(u.name, ''), i.invited_by, coalesce(b.name, ''), i.role,"
    " i.status, i.created_at FROM invites i LEFT JOIN users u ON u.id = i.user_id"
    " LEFT JOIN users b ON b.id = i.invited_by WHERE ";

InviteStatus invite_status(std::string_view name) {
  for (std::size_t i = 0; i < kStatus.size(); ++i) {
    if (kStatus[i] == name) return static_cast<InviteStatus>(i);
  }
  return InviteStatus::expired;
}

Invite read_invite(const store::Row& row) {
  Invite made;
  made.id = row.get<std::int64_t>(0);
  made.meeting_id = row.get<std::int64_t>(1);
  made.email = row.get<std::string>(2);
  made.user_id = row.get<std::optional<std::int64_t>>(3);
  made.user_name = row.get<std::string>(4);
  made.invited_by = row.get<std::optional<std::int64_t>>(5);
  made.inviter_name = row.get<std::string>(6);
  made.role = protocol::assignable_role(row.get<std::string>(7)).value_or(Role::participant);
  made.status = invite_status(row.get<std::string>(8));
  made.created_at = row.get<WallTime>(9);
  return made;
}

turnd::crypto::Sha256Digest hash_of(std::string_view token) {
  return turnd::crypto::sha256({turnd::base::as_bytes(token)});
}

// The address that the account has proved to be his.
std::string verified_email(const std::string& account) {
  return "(SELECT email FROM users WHERE id = " + account + " AND is_verified = 1)";
}

}  // namespace

std::optional<Invite> invite_by_id(store::Connection& db, std::int64_t id) {
  static const std::string sql = kSelect + "i.id = ?1";
  return db.one(read_invite, sql, id);
}

std::optional<Invite> invite_of_email(store::Connection& db, std::int64_t meeting_id, std::string_view email) {
  static const std::string sql = kSelect + "i.meeting_id = ?1 AND i.email = ?2";
  return db.one(read_invite, sql, meeting_id, email);
}

std::vector<Invite> invites_of(store::Connection& db, std::int64_t meeting_id) {
  static const std::string sql = kSelect + "i.meeting_id = ?1 ORDER BY i.id";
  return db.all(read_invite, sql, meeting_id);
}

std::vector<Invite> invites_to(store::Connection& db, const Identity& who) {
  static const std::string sql = kSelect +
                                 "i.status = 'pending' AND (i.user_id = ?1 OR i.email = " + verified_email("?1") +
                                 ") ORDER BY i.id DESC LIMIT 100";
  return db.all(read_invite, sql, account_column(who));
}

std::optional<Invite> invite_for(store::Connection& db, std::int64_t meeting_id, const Identity& who,
                                 std::string_view token) {
  if (token.empty() && !who.is_account()) return std::nullopt;  // nothing of his that an invitation could name
  static const std::string sql = kSelect +
                                 "i.meeting_id = ?1 AND i.status IN ('pending', 'accepted')"
                                 " AND (i.user_id = ?2 OR i.token_hash = ?3 OR i.email = " +
                                 verified_email("?2") + ") ORDER BY i.role LIMIT 1";
  return db.one(read_invite, sql, meeting_id, account_column(who),
                token.empty() ? std::nullopt : std::optional(hash_of(token)));
}

bool is_for(store::Connection& db, const Invite& invite, const Identity& who, std::string_view token) {
  static const std::string sql =
      "SELECT 1 FROM invites i WHERE i.id = ?1 AND (i.user_id = ?2 OR i.token_hash = ?3 OR i.email = " +
      verified_email("?2") + ")";
  return db.exists(sql, invite.id, account_column(who), hash_of(token));
}

Invite add_invite(store::Connection& db, std::int64_t meeting_id, const NewInvite& invite, const SealingKey& key,
                  WallTime now) {
  // The token is made of the row's id, so the row comes first with a hash that no token has.
  const auto id = db.insert(
      "INSERT INTO invites(meeting_id, email, user_id, invited_by, role, token_hash, created_at)"
      " VALUES (?1, ?2, (SELECT id FROM users WHERE email = ?2 AND is_active = 1), ?3, ?4, randomblob(32), ?5)",
      meeting_id, invite.email, invite.invited_by, protocol::to_string(invite.role), now);
  Invite made = *invite_by_id(db, id);
  db.execute("UPDATE invites SET token_hash = ?2, sent_at = ?3 WHERE id = ?1", id, hash_of(invite_token(key, made)),
             now);
  return made;
}

void set_invite_status(store::Connection& db, std::int64_t id, InviteStatus status, WallTime now) {
  const bool answered = status == InviteStatus::accepted || status == InviteStatus::declined;
  db.execute("UPDATE invites SET status = ?2, responded_at = ?3 WHERE id = ?1", id, to_string(status),
             answered ? std::optional(now) : std::nullopt);
}

std::string invite_token(const SealingKey& key, const Invite& invite) {
  return key.token_for("invite " + std::to_string(invite.id) + " " +
                       std::to_string(store::to_stored(invite.created_at)));
}

std::string_view to_string(InviteStatus status) { return kStatus[static_cast<std::size_t>(status)]; }

}  // namespace signaling::service
