#include "signaling/service/tokens.h"

#include <algorithm>

#include "signaling/service/base64url.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hash.h"

namespace signaling::service {
namespace {

namespace base = turnd::base;
using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

constexpr std::size_t kRefreshBytes = 32;
constexpr std::size_t kFamilyBytes = 16;
// A guest who has not come back for so long is somebody new.
constexpr std::chrono::hours kGuestMemory{24 * 30};

base::Bytes stored_family(const std::string& hex) { return base::from_hex(hex).value_or(base::Bytes()); }

struct RefreshRow {
  std::string family;
  std::int64_t user_id;
  WallTime expires_at;
  bool used;
  bool revoked;
};

std::optional<RefreshRow> find_refresh(store::Connection& db, std::string_view token) {
  return db.one(
      [](const store::Row& row) {
        return RefreshRow{base::to_hex(row.get<base::Bytes>(0)), row.get<std::int64_t>(1), row.get<WallTime>(2),
                          !row.is_null(3), !row.is_null(4)};
      },
      "SELECT family, user_id, expires_at, used_at, revoked_at FROM refresh_tokens WHERE id = ?1",
      stored_secret(token));
}

std::int64_t prune_guests(store::Connection& db, std::int64_t most, WallTime now, std::int64_t most_guests) {
  constexpr std::string_view forget =
      "DELETE FROM guests WHERE id IN (SELECT id FROM guests WHERE last_seen_at <= ?1 ORDER BY last_seen_at LIMIT ?2)";
  const std::int64_t old = db.execute(forget, now - kGuestMemory, most);
  if (old >= most) return old;
  const auto excess = db.value<std::int64_t>("SELECT count(*) FROM guests").value_or(0) - most_guests;
  return excess > 0 ? old + db.execute(forget, now, std::min(excess, most - old)) : old;
}

}  // namespace

base::Bytes stored_secret(std::string_view secret) {
  return base::to_owned(turnd::crypto::sha256({base::as_bytes(secret)}));
}

std::string Tokens::random_text(std::size_t bytes) const {
  base::Bytes random(bytes);
  random_(random);
  return to_base64url(random);
}

std::string Tokens::sign_access(const User& user, const std::string& family, WallTime now) const {
  Claims claims;
  claims.subject = std::to_string(user.id);
  claims.role = user.role();
  claims.name = user.name;
  claims.email = user.email;
  claims.epoch = user.epoch;
  claims.family = family;
  claims.issued_at = now;
  claims.expires_at = now + settings_.access_ttl;
  return access_.sign(claims);
}

std::string Tokens::sign_guest(const std::string& guest_id, const std::string& name,
                               const std::optional<std::string>& meeting, WallTime now) const {
  Claims claims;
  claims.subject = "g:" + guest_id;
  claims.role = "guest";
  claims.name = name;
  claims.meeting = meeting;
  claims.issued_at = now;
  claims.expires_at = now + settings_.access_ttl;
  return access_.sign(claims);
}

TokenPair Tokens::start(store::Connection& db, const User& user, const ClientNote& note, WallTime now) const {
  base::Bytes family(kFamilyBytes);
  random_(family);
  return go_on(db, user, base::to_hex(family), note, now);
}

TokenPair Tokens::go_on(store::Connection& db, const User& user, const std::string& family, const ClientNote& note,
                        WallTime now) const {
  TokenPair pair{sign_access(user, family, now), random_text(kRefreshBytes), settings_.access_ttl};
  db.execute("UPDATE refresh_tokens SET used_at = ?2 WHERE family = ?1 AND used_at IS NULL", stored_family(family),
             now);
  db.execute(
      "INSERT INTO refresh_tokens(id, family, user_id, issued_at, expires_at, user_agent, ip)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      stored_secret(pair.refresh_token), stored_family(family), user.id, now, now + settings_.refresh_ttl,
      note.user_agent, note.ip);
  return pair;
}

Outcome<Refreshed> Tokens::refresh(store::Connection& db, std::string_view refresh_token, const ClientNote& note,
                                   WallTime now, Effects& effects) const {
  const auto row = find_refresh(db, refresh_token);
  if (!row || row->revoked) return failure(ErrorCode::unauthenticated);
  if (row->used) {
    end_family(db, row->family, now, effects);
    effects.events.push_back({Level::warn, "auth-service", "refresh_token_reused", {}, {{"userId", row->user_id}}});
    return failure(ErrorCode::unauthenticated);
  }
  if (row->expires_at <= now) return failure(ErrorCode::token_expired);
  auto user = find_user(db, row->user_id);
  if (!user || !user->is_active) return failure(ErrorCode::unauthenticated);
  TokenPair pair = go_on(db, *user, row->family, note, now);
  return Refreshed{std::move(pair), std::move(*user)};
}

std::optional<std::string> Tokens::family_of(store::Connection& db, std::string_view refresh_token) const {
  const auto row = find_refresh(db, refresh_token);
  if (!row) return std::nullopt;
  return row->family;
}

void Tokens::end_family(store::Connection& db, const std::string& family, WallTime now, Effects& effects) const {
  const auto user_id =
      db.value<std::int64_t>("SELECT user_id FROM refresh_tokens WHERE family = ?1 LIMIT 1", stored_family(family));
  if (!user_id) return;
  db.execute("UPDATE refresh_tokens SET revoked_at = ?2 WHERE family = ?1 AND revoked_at IS NULL",
             stored_family(family), now);
  effects.revoked.push_back({.user_id = *user_id, .family = family});
}

void Tokens::end_all(store::Connection& db, std::int64_t user_id, const std::string& except_family, WallTime now,
                     Effects& effects) const {
  db.execute("UPDATE users SET token_epoch = token_epoch + 1 WHERE id = ?1", user_id);
  db.execute("UPDATE refresh_tokens SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL AND family <> ?3",
             user_id, now, stored_family(except_family));
  effects.revoked.push_back({.user_id = user_id, .except_family = except_family});
}

Outcome<Identity> Tokens::identify(store::Connection& db, std::string_view access_token, WallTime now) const {
  const auto claims = verify(access_token, now);
  if (!claims) return claims.error();
  return identify(db, *claims);
}

Outcome<Identity> Tokens::identify(store::Connection& db, const Claims& claims) const {
  return claims.role == "guest" ? identify_guest(db, claims) : identify_account(db, claims);
}

Outcome<Identity> Tokens::identify_guest(store::Connection& db, const Claims& claims) const {
  const auto id = claims.guest_id();
  if (!guests_ || !id || !db.exists("SELECT 1 FROM guests WHERE id = ?1", *id))
    return failure(ErrorCode::unauthenticated);
  Identity who;
  who.kind = Identity::Kind::guest;
  who.guest_id = *id;
  who.name = claims.name;
  who.meeting_scope = claims.meeting;
  who.expires_at = claims.expires_at;
  return who;
}

Outcome<Identity> Tokens::identify_account(store::Connection& db, const Claims& claims) const {
  const auto id = claims.user_id();
  const auto user = id ? find_user(db, *id) : std::nullopt;
  if (!user || !user->is_active || user->epoch != claims.epoch) return failure(ErrorCode::unauthenticated);
  if (db.exists("SELECT 1 FROM refresh_tokens WHERE family = ?1 AND revoked_at IS NOT NULL LIMIT 1",
                stored_family(claims.family)))
    return failure(ErrorCode::unauthenticated);
  Identity who;
  who.kind = Identity::Kind::account;
  who.user_id = user->id;
  who.name = user->name;
  who.username = user->username.value_or("");
  who.is_admin = user->is_admin;
  who.epoch = user->epoch;
  who.family = claims.family;
  who.expires_at = claims.expires_at;
  return who;
}

bool prune_tokens(store::Connection& db, std::size_t most, WallTime now, std::int64_t most_guests) {
  const auto refresh = db.execute(
      "DELETE FROM refresh_tokens WHERE id IN (SELECT id FROM refresh_tokens WHERE expires_at <= ?1 LIMIT ?2)", now,
      most);
  const auto one_time = db.execute(
      "DELETE FROM one_time_tokens WHERE id IN (SELECT id FROM one_time_tokens WHERE expires_at <= ?1 LIMIT ?2)", now,
      most);
  const std::int64_t guests = prune_guests(db, static_cast<std::int64_t>(most), now, most_guests);
  return std::max({refresh, one_time, guests}) >= static_cast<std::int64_t>(most);
}

}  // namespace signaling::service
