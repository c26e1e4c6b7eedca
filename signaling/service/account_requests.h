// What people send about accounts, read and checked (A1): before anything is hashed or looked up.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"

namespace signaling::service {

// Sign-up, and an administrator's new user.
struct NewAccount {
  std::string email = {};
  std::string password = {};
  std::string name = {};  // the local part of the e-mail when none was given
  std::optional<std::int64_t> age = {};
  std::optional<std::string> username = {};
  bool is_admin = false;
};
[[nodiscard]] protocol::Outcome<NewAccount> read_sign_up(const boost::json::object& body);
[[nodiscard]] protocol::Outcome<NewAccount> read_new_user(const boost::json::object& body);  // and `role` (A13)

struct Credentials {
  std::string email;
  std::string password;
};
[[nodiscard]] protocol::Outcome<Credentials> read_log_in(const boost::json::object& body);

struct PasswordChange {
  std::string current_password;
  std::string new_password;
};
[[nodiscard]] protocol::Outcome<PasswordChange> read_password_change(const boost::json::object& body);

struct PasswordReset {
  std::string token;
  std::string password;
};
[[nodiscard]] protocol::Outcome<PasswordReset> read_password_reset(const boost::json::object& body);

// Only what is to change. `age` may change to none.
struct AccountChange {
  std::optional<std::string> name = {};
  std::optional<std::string> username = {};
  std::optional<std::optional<std::int64_t>> age = {};
  std::optional<std::string> email = {};
  std::optional<bool> is_active = {};
  std::optional<bool> is_admin = {};  // from `role`
};
[[nodiscard]] protocol::Outcome<AccountChange> read_account_change(const boost::json::object& body);

// 3 to 20 of [A-Za-z0-9_-] (K16).
[[nodiscard]] bool is_username(std::string_view text);
// Has something on both sides of an @, no white space or controls, and at most 254 bytes.
[[nodiscard]] bool is_email(std::string_view text);

}  // namespace signaling::service
