// User: one account as it is stored, and as the API shows it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct User {
  std::int64_t id = 0;
  std::optional<std::string> username;
  std::string name;
  std::string email;
  std::string password_hash;  // empty: cannot log in with a password
  std::optional<std::int64_t> age;
  bool is_active = true;
  bool is_admin = false;
  bool is_verified = false;
  std::int64_t epoch = 0;
  WallTime created_at{};
  WallTime updated_at{};

  [[nodiscard]] std::string_view role() const { return is_admin ? "admin" : "user"; }
};

[[nodiscard]] std::optional<User> find_user(store::Connection& db, std::int64_t id);
[[nodiscard]] std::optional<User> find_user_by_email(store::Connection& db,
                                                     std::string_view email);  // trimmed, any case
// What is counted by an address is counted by this: the same in every spelling that finds the account.
[[nodiscard]] std::string email_key(std::string_view email);
// Whose username it is, in any case.
[[nodiscard]] std::optional<std::int64_t> owner_of_username(store::Connection& db, std::string_view username);

// The columns that user_of() reads, in its order.
inline constexpr std::string_view kUserColumns =
    "id, username, name, email, password_hash, age, is_active, is_admin, is_verified, token_epoch, created_at, "
    "updated_at";
[[nodiscard]] User user_of(const store::Row& row);

// GET /api/users and /me: {id, name, email, age, isActive, createdAt, updatedAt, role, username, isVerified}.
[[nodiscard]] boost::json::object user_json(const User& user);
// Sign-up and log-in, seed 003's seven members in snake case with username and role (A2).
[[nodiscard]] boost::json::object session_user_json(const User& user);
// What accounts see of others (A9): {id, name, username}.
[[nodiscard]] boost::json::object public_user_json(const User& user);

}  // namespace signaling::service
