#include "signaling/service/account_requests.h"

#include <algorithm>

#include "signaling/service/body.h"

namespace signaling::service {
namespace {

namespace json = boost::json;
using protocol::Outcome;

constexpr TextRule kName{.min = 2, .max = 100};
constexpr std::size_t kLongestEmail = 254;       // RFC 5321 s4.5.3.1.3
constexpr std::size_t kShortestPassword = 6;     // characters
constexpr std::size_t kLongestPassword = 1'024;  // bytes
constexpr std::int64_t kOldest = 150;

std::optional<std::string> read_email(Body& body) {
  auto email = body.text("email");
  if (email && !is_email(*email)) body.fault("email", "must be an e-mail address of at most 254 bytes");
  return email;
}

std::optional<std::string> read_new_password(Body& body, std::string_view field) {
  auto password = body.required_text(field, {.min = kShortestPassword, .trim = false});
  if (password && password->size() > kLongestPassword) body.fault(field, "must be at most 1024 bytes");
  return password;
}

// One that exists already: only bounded.
std::optional<std::string> read_old_password(Body& body, std::string_view field) {
  auto password = body.required_text(field, {.trim = false});
  if (password && password->size() > kLongestPassword) body.fault(field, "must be at most 1024 bytes");
  return password;
}

std::optional<std::string> read_username(Body& body) {
  auto username = body.text("username");
  if (username && !is_username(*username)) body.fault("username", "must be 3 to 20 of A-Z, a-z, 0-9, _ and -");
  return username;
}

std::optional<bool> read_role(Body& body) {
  const auto role = body.text("role");
  if (role && *role != "user" && *role != "admin") body.fault("role", "must be user or admin");
  if (!role) return std::nullopt;
  return *role == "admin";
}

NewAccount read_new_account(Body& body) {
  if (!body.has("email")) body.fault("email", "is required");
  NewAccount account;
  account.email = read_email(body).value_or("");
  account.password = read_new_password(body, "password").value_or("");
  account.name = body.text("name", kName).value_or(account.email.substr(0, account.email.find('@')));
  account.age = body.integer("age", 0, kOldest);
  account.username = read_username(body);
  return account;
}

}  // namespace

bool is_username(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return text.size() >= 3 && text.size() <= 20 && std::ranges::all_of(text, fits);
}

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  const auto bad = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= kLongestEmail &&
         std::ranges::none_of(text, bad);
}

Outcome<NewAccount> read_sign_up(const json::object& members) {
  Body body(members);
  NewAccount account = read_new_account(body);
  if (!body.ok()) return body.failure();
  return account;
}

Outcome<NewAccount> read_new_user(const json::object& members) {
  Body body(members);
  NewAccount account = read_new_account(body);
  account.is_admin = read_role(body).value_or(false);
  if (!body.ok()) return body.failure();
  return account;
}

Outcome<Credentials> read_log_in(const json::object& members) {
  Body body(members);
  Credentials credentials{body.required_text("email").value_or(""), read_old_password(body, "password").value_or("")};
  if (!body.ok()) return body.failure();
  return credentials;
}

Outcome<PasswordChange> read_password_change(const json::object& members) {
  Body body(members);
  PasswordChange change{read_old_password(body, "current_password").value_or(""),
                        read_new_password(body, "new_password").value_or("")};
  if (!body.ok()) return body.failure();
  return change;
}

Outcome<PasswordReset> read_password_reset(const json::object& members) {
  Body body(members);
  PasswordReset reset{body.required_text("token", {.min = 1, .max = 200}).value_or(""),
                      read_new_password(body, "password").value_or("")};
  if (!body.ok()) return body.failure();
  return reset;
}

Outcome<AccountChange> read_account_change(const json::object& members) {
  Body body(members);
  AccountChange change;
  change.name = body.text("name", kName);
  change.username = read_username(body);
  if (body.is_null("age"))
    change.age.emplace(std::nullopt);
  else if (const auto age = body.integer("age", 0, kOldest))
    change.age.emplace(age);
  change.email = read_email(body);
  change.is_active = body.flag("isActive");
  change.is_admin = read_role(body);
  if (!body.ok()) return body.failure();
  return change;
}

}  // namespace signaling::service
