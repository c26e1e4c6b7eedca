#include "signaling/service/users.h"

#include "signaling/service/account_remains.h"
#include "signaling/service/body.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;
using protocol::Outcome;

constexpr std::size_t kShortestQuery = 2;

// The same whether or not the account exists.
std::optional<Failure> refuse_strangers(const Identity& who, std::int64_t id) {
  if (who.is_nobody()) return failure(ErrorCode::unauthenticated);
  if (who.is_admin || who.is_person(id)) return std::nullopt;
  return failure(ErrorCode::forbidden);
}

std::optional<Failure> refuse_all_but_administrators(const Identity& who) {
  if (who.is_nobody()) return failure(ErrorCode::unauthenticated);
  if (!who.is_admin) return failure(ErrorCode::forbidden);
  return std::nullopt;
}

bool is_last_administrator(store::Connection& db, const User& user) {
  return user.is_admin && user.is_active &&
         !db.exists("SELECT 1 FROM users WHERE is_admin = 1 AND is_active = 1 AND id <> ?1", user.id);
}

Failure last_administrator() { return failure(ErrorCode::conflict, "The last administrator must stay"); }

// For LIKE: % and _ mean themselves.
std::string pattern_of(std::string_view query) {
  std::string pattern = "%";
  for (const char c : query) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

// What this one may not change is as it was (R8).
AccountChange allowed(AccountChange change, const Identity& who) {
  if (who.is_admin) return change;
  change.is_admin.reset();
  if (change.is_active.value_or(false)) change.is_active.reset();
  return change;
}

User changed(User user, const AccountChange& change) {
  if (change.name) user.name = *change.name;
  if (change.username) user.username = change.username;
  if (change.age) user.age = *change.age;
  if (change.email && *change.email != user.email) {
    user.email = *change.email;
    user.is_verified = false;
  }
  if (change.is_active) user.is_active = *change.is_active;
  if (change.is_admin) user.is_admin = *change.is_admin;
  return user;
}

void store(store::Connection& db, const User& user, WallTime now) {
  db.execute(
      "UPDATE users SET username = ?2, name = ?3, email = ?4, age = ?5, is_active = ?6, is_admin = ?7,"
      " is_verified = ?8, updated_at = ?9 WHERE id = ?1",
      user.id, user.username, user.name, user.email, user.age, user.is_active, user.is_admin, user.is_verified, now);
}

Event user_event(std::string name, const User& user) {
  return {Level::info, "auth-service", std::move(name), user.username.value_or(user.name), {{"userId", user.id}}};
}

}  // namespace

Outcome<User> Users::create(store::Connection& db, const Identity& who, const NewAccount& account,
                            std::string_view hash, WallTime now, Effects& effects) const {
  if (auto refused = refuse_all_but_administrators(who)) return std::move(*refused);
  return accounts_.add(db, account, hash, now, effects);
}

Outcome<std::vector<User>> Users::search(store::Connection& db, const Identity& who, const UserSearch& search) const {
  if (who.is_nobody()) return failure(ErrorCode::unauthenticated);
  if (!who.is_account()) return failure(ErrorCode::forbidden);
  if (!who.is_admin && characters_in(search.query) < kShortestQuery)
    return protocol::bad_field("query", "must be at least 2 characters");
  static const std::string sql = "SELECT " + std::string(kUserColumns) +
                                 " FROM users WHERE (name LIKE ?1 ESCAPE '\\' OR username LIKE ?1 ESCAPE '\\'"
                                 " OR (?2 AND email LIKE ?1 ESCAPE '\\')) AND (?2 OR is_active = 1)"
                                 " ORDER BY id LIMIT ?3 OFFSET ?4";
  return db.all(user_of, sql, pattern_of(search.query), who.is_admin, search.limit, (search.page - 1) * search.limit);
}

Outcome<User> Users::get(store::Connection& db, const Identity& who, std::int64_t id) const {
  if (auto refused = refuse_strangers(who, id)) return std::move(*refused);
  auto user = find_user(db, id);
  if (!user) return failure(ErrorCode::not_found);
  return std::move(*user);
}

Outcome<User> Users::update(store::Connection& db, const Identity& who, std::int64_t id, const AccountChange& wanted,
                            WallTime now, Effects& effects) const {
  const auto before = get(db, who, id);
  if (!before) return before.error();
  const AccountChange change = allowed(wanted, who);
  if (auto taken = find_taken(db, change.email, change.username, id)) return std::move(*taken);
  const User after = changed(*before, change);
  const bool steps_down = !after.is_active || !after.is_admin;
  if (steps_down && is_last_administrator(db, *before)) return last_administrator();

  store(db, after, now);
  if (before->is_active && !after.is_active) {
    tokens_.end_all(db, id, {}, now, effects);
    effects.revoked.back().deactivated = true;
    effects.events.push_back(user_event("user_deactivated", after));
  }
  // His live sessions know him as an administrator: he comes back as what he is now.
  if (before->is_admin && !after.is_admin && after.is_active) effects.revoked.push_back({.user_id = id});
  if (after.email != before->email) accounts_.send_verification(db, after, now, effects);
  return find_user(db, id).value();
}

Outcome<User> Users::find_removable(store::Connection& db, const Identity& who, std::int64_t id) const {
  auto user = get(db, who, id);
  if (user && is_last_administrator(db, *user)) return last_administrator();
  return user;
}

Outcome<bool> Users::remove_meetings(store::Connection& db, const Identity& who, std::int64_t id,
                                     const MeetingContext& context, WallTime now, Effects& effects) const {
  const auto user = find_removable(db, who, id);
  if (!user) return user.error();
  return settle_meetings(db, context, *user, who, now, effects);
}

Outcome<User> Users::remove(store::Connection& db, const Identity& who, std::int64_t id, const MeetingContext& context,
                            WallTime now, Effects& effects) const {
  auto user = find_removable(db, who, id);
  if (!user) return user;
  settle_remains(db, context, *user, who, now, effects);
  db.execute("DELETE FROM users WHERE id = ?1", id);
  effects.revoked.push_back({.user_id = id, .deactivated = true});
  effects.events.push_back(user_event("user_deleted", *user));
  return user;
}

}  // namespace signaling::service
