#include "signaling/service/accounts.h"

#include <chrono>

#include "signaling/service/body.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

// C5: how long an address counts as the account's own.
constexpr std::chrono::hours kKnownAddress{24 * 30};

Event auth_event(Level level, std::string name, const User& user) {
  return {level, "auth-service", std::move(name), user.username.value_or(user.name), {{"userId", user.id}}};
}

void remember_address(store::Connection& db, std::int64_t user_id, std::string_view address, WallTime now) {
  db.execute("DELETE FROM login_addresses WHERE user_id = ?1 AND last_login_at <= ?2", user_id, now - kKnownAddress);
  db.execute(
      "INSERT INTO login_addresses(user_id, ip, last_login_at) VALUES (?1, ?2, ?3)"
      " ON CONFLICT(user_id, ip) DO UPDATE SET last_login_at = excluded.last_login_at",
      user_id, address, now);
}

void store_hash(store::Connection& db, std::int64_t user_id, std::string_view hash) {
  db.execute("UPDATE users SET password_hash = ?2 WHERE id = ?1", user_id, hash);
}

}  // namespace

std::optional<protocol::Failure> find_taken(store::Connection& db, const std::optional<std::string>& email,
                                            const std::optional<std::string>& username, std::int64_t except) {
  if (email && db.exists("SELECT 1 FROM users WHERE email = ?1 AND id <> ?2", *email, except))
    return failure(ErrorCode::email_taken);
  if (username && db.exists("SELECT 1 FROM users WHERE username = ?1 AND id <> ?2", *username, except))
    return failure(ErrorCode::username_taken);
  return std::nullopt;
}

Outcome<User> Accounts::add(store::Connection& db, const NewAccount& account, std::string_view hash, WallTime now,
                            Effects& effects) const {
  if (auto taken = find_taken(db, account.email, account.username, 0)) return std::move(*taken);
  const auto id = db.insert(
      "INSERT INTO users(username, name, email, password_hash, age, is_admin, created_at, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
      account.username, account.name, account.email, hash, account.age, account.is_admin, now);
  User user = find_user(db, id).value();
  effects.events.push_back(auth_event(Level::info, "user_registered", user));
  send_verification(db, user, now, effects);
  return user;
}

Outcome<SignedIn> Accounts::sign_up(store::Connection& db, const NewAccount& account, std::string_view hash,
                                    const ClientNote& note, WallTime now, Effects& effects) const {
  if (!settings_.signup) return failure(ErrorCode::forbidden, "Sign-up is closed");
  auto user = add(db, account, hash, now, effects);
  if (!user) return user.error();
  return open_session(db, std::move(*user), note, now);
}

SignedIn Accounts::open_session(store::Connection& db, User user, const ClientNote& note, WallTime now) const {
  remember_address(db, user.id, note.ip, now);
  TokenPair tokens = tokens_.start(db, user, note, now);
  return {std::move(user), std::move(tokens)};
}

LogInAttempt Accounts::begin_log_in(store::Connection& db, std::string_view email, std::string_view address,
                                    WallTime now) const {
  const auto user = find_user_by_email(db, trimmed(email));
  const bool known = db.exists("SELECT 1 FROM login_addresses WHERE user_id = ?1 AND ip = ?2 AND last_login_at > ?3",
                               user ? user->id : 0, address, now - kKnownAddress);
  if (!user) return {};
  return {user->id, user->password_hash, known};
}

Outcome<SignedIn> Accounts::finish_log_in(store::Connection& db, const LogInAttempt& attempt,
                                          const PasswordCheck& check, const ClientNote& note, WallTime now,
                                          Effects& effects) const {
  auto user = attempt.user_id ? find_user(db, *attempt.user_id) : std::nullopt;
  // Somebody may have changed the password while this one was checked.
  if (!check.is_right || !user || user->password_hash != attempt.password_hash) {
    effects.events.push_back(auth_event(Level::warn, "login_failed", user.value_or(User())));
    return failure(ErrorCode::bad_credentials);
  }
  if (!user->is_active) {
    effects.events.push_back(auth_event(Level::warn, "login_failed", *user));
    return failure(ErrorCode::forbidden, "This account is deactivated");
  }
  if (!check.fresh_hash.empty()) store_hash(db, user->id, check.fresh_hash);
  db.execute("UPDATE users SET last_login_at = ?2 WHERE id = ?1", user->id, now);
  effects.events.push_back(auth_event(Level::info, "user_login", *user));
  return open_session(db, std::move(*user), note, now);
}

Outcome<SignedIn> Accounts::change_password(store::Connection& db, const Identity& who, const NewPassword& fresh,
                                            const ClientNote& note, WallTime now, Effects& effects) const {
  auto user = find_user(db, who.user_id);
  if (!user || user->password_hash != fresh.hash_seen) {
    auto refused = failure(ErrorCode::bad_credentials, "The current password is wrong");
    return refused;
  }
  store_hash(db, user->id, fresh.hash);
  tokens_.end_all(db, user->id, who.family, now, effects);
  effects.events.push_back(auth_event(Level::info, "password_changed", *user));
  user = find_user(db, who.user_id);  // its epoch has moved
  TokenPair tokens = tokens_.go_on(db, *user, who.family, note, now);
  return SignedIn{std::move(*user), std::move(tokens)};
}

void Accounts::forgot(store::Connection& db, std::string_view email, WallTime now, Effects& effects) const {
  const auto user = find_user_by_email(db, trimmed(email));
  if (user && user->is_active) send_mail_token(db, MailToken::reset, *user, tokens_, settings_.mail, now, effects);
}

Outcome<User> Accounts::reset(store::Connection& db, std::string_view token, std::string_view new_hash, WallTime now,
                              Effects& effects) const {
  auto user = find_by_mail_token(db, MailToken::reset, token, now);
  if (!user) return failure(ErrorCode::token_invalid);
  use_mail_token(db, token, now);
  store_hash(db, user->id, new_hash);
  // Whoever reads mail there has shown that the address is his.
  db.execute("UPDATE users SET is_verified = 1 WHERE id = ?1", user->id);
  tokens_.end_all(db, user->id, {}, now, effects);
  effects.events.push_back(auth_event(Level::info, "password_reset", *user));
  return std::move(*user);
}

Outcome<User> Accounts::verify(store::Connection& db, std::string_view token, WallTime now) const {
  auto user = find_by_mail_token(db, MailToken::verify, token, now);
  if (!user) return failure(ErrorCode::token_invalid);
  use_mail_token(db, token, now);
  db.execute("UPDATE users SET is_verified = 1, updated_at = ?2 WHERE id = ?1", user->id, now);
  return std::move(*user);
}

}  // namespace signaling::service
