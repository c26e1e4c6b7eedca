#include "signaling/service/user.h"

#include <boost/json/value.hpp>

#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"

namespace signaling::service {
namespace {

namespace json = boost::json;

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

std::string select_user(std::string_view where) {
  return "SELECT " + std::string(kUserColumns) + " FROM users " + std::string(where);
}

}  // namespace

User user_of(const store::Row& row) {
  User user;
  user.id = row.get<std::int64_t>(0);
  user.username = row.get<std::optional<std::string>>(1);
  user.name = row.get<std::string>(2);
  user.email = row.get<std::string>(3);
  user.password_hash = row.get<std::string>(4);
  user.age = row.get<std::optional<std::int64_t>>(5);
  user.is_active = row.get<bool>(6);
  user.is_admin = row.get<bool>(7);
  user.is_verified = row.get<bool>(8);
  user.epoch = row.get<std::int64_t>(9);
  user.created_at = row.get<WallTime>(10);
  user.updated_at = row.get<WallTime>(11);
  return user;
}

std::optional<User> find_user(store::Connection& db, std::int64_t id) {
  static const std::string sql = select_user("WHERE id = ?1");
  return db.one(user_of, sql, id);
}

std::optional<User> find_user_by_email(store::Connection& db, std::string_view email) {
  static const std::string sql = select_user("WHERE email = ?1");
  return db.one(user_of, sql, email);
}

std::string email_key(std::string_view email) {
  std::string key(trimmed(email));
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return key;
}

std::optional<std::int64_t> owner_of_username(store::Connection& db, std::string_view username) {
  return db.value<std::int64_t>("SELECT id FROM users WHERE username = ?1", username);
}

json::object user_json(const User& user) {
  return {{"id", user.id},
          {"name", user.name},
          {"email", user.email},
          {"age", or_null(user.age)},
          {"isActive", user.is_active},
          {"createdAt", protocol::time_text(user.created_at)},
          {"updatedAt", protocol::time_text(user.updated_at)},
          {"role", user.role()},
          {"username", or_null(user.username)},
          {"isVerified", user.is_verified}};
}

json::object session_user_json(const User& user) {
  return {{"id", user.id},
          {"name", user.name},
          {"email", user.email},
          {"age", or_null(user.age)},
          {"created_at", protocol::time_text(user.created_at)},
          {"updated_at", protocol::time_text(user.updated_at)},
          {"username", or_null(user.username)},
          {"role", user.role()}};
}

json::object public_user_json(const User& user) {
  return {{"id", user.id}, {"name", user.name}, {"username", or_null(user.username)}};
}

}  // namespace signaling::service
