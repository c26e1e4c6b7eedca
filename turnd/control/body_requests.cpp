// The requests that come as a JSON body.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "turnd/control/body.h"
#include "turnd/control/requests.h"
#include "turnd/control/text.h"
#include "turnd/control/time_text.h"

namespace turnd::control {
namespace {

namespace json = boost::json;

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

// A member that is null is one that is not there.
const json::value* find(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// nullopt: not there.
Parsed<std::optional<std::string>> read_text(const json::object& body, std::string_view name) {
  const json::value* value = find(body, name);
  if (value == nullptr) return std::optional<std::string>();
  if (!value->is_string()) return bad_request(quoted(name) + " is not a text");
  return std::optional(std::string(value->get_string()));
}

std::optional<base::Duration> to_duration(const json::value& value) {
  if (value.is_string() && value.get_string() == "0") return base::Duration(0);
  if (value.is_string()) return parse_duration(std::string_view(value.get_string()));
  if (!value.is_number()) return std::nullopt;
  json::error_code error;
  const double seconds = value.to_number<double>(error);
  const double longest = std::chrono::duration<double>(kLongestDuration).count();
  if (error || !std::isfinite(seconds) || seconds < 0 || seconds > longest) return std::nullopt;
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

// Seconds as a number, or a text with a unit (D7); nullopt: not there.
Parsed<std::optional<base::Duration>> read_duration(const json::object& body, std::string_view name) {
  const json::value* value = find(body, name);
  if (value == nullptr) return std::optional<base::Duration>();
  const auto duration = to_duration(*value);
  if (!duration) return bad_request(quoted(name) + " is neither seconds nor a duration with a unit like \"1h\"");
  return duration;
}

bool is_secret_id(std::string_view id) {
  constexpr std::size_t kLongest = 64;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= kLongest && std::ranges::all_of(id, is_allowed);
}

bool is_md5_key(std::string_view key) {
  constexpr std::size_t kDigits = 32;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  return key.size() == kDigits && std::ranges::all_of(key, is_hex);
}

}  // namespace

Parsed<StartDrain> parse_start_drain(std::string_view body) {
  constexpr std::array<std::string_view, 1> kMembers{"deadline"};
  const Parsed<json::object> object = parse_body(body, kMembers);
  if (!object) return object.error();
  const auto deadline = read_duration(*object, "deadline");
  if (!deadline) return deadline.error();
  return StartDrain{*deadline};
}

Parsed<ReloadKind> parse_reload(std::string_view body) {
  constexpr std::array<std::string_view, 1> kMembers{"dry_run"};
  const Parsed<json::object> object = parse_body(body, kMembers);
  if (!object) return object.error();
  const json::value* dry_run = find(*object, "dry_run");
  if (dry_run == nullptr) return ReloadKind::apply;
  if (!dry_run->is_bool()) return bad_request("\"dry_run\" is neither true nor false");
  return dry_run->get_bool() ? ReloadKind::dry_run : ReloadKind::apply;
}

Parsed<MakeCredential> parse_make_credential(std::string_view body) {
  constexpr std::size_t kLongestUser = 255;
  constexpr std::array<std::string_view, 2> kMembers{"user", "ttl"};
  const Parsed<json::object> object = parse_body(body, kMembers);
  if (!object) return object.error();
  MakeCredential request;
  const auto user = read_text(*object, "user");
  if (!user) return user.error();
  if (*user && ((*user)->empty() || (*user)->size() > kLongestUser || has_control_characters(**user)))
    return bad_request("\"user\" is not 1 to 255 bytes without control characters");
  request.user = user->value_or("");
  const auto ttl = read_duration(*object, "ttl");
  if (!ttl) return ttl.error();
  if (*ttl) request.ttl = std::chrono::floor<std::chrono::seconds>(**ttl);
  if (request.ttl < std::chrono::seconds(1) || (*ttl && **ttl > MakeCredential::kMaxTtl))
    return bad_request("\"ttl\" is not between 1 second and 30 days");
  return request;
}

Parsed<AddUser> parse_add_user(std::string_view body) {
  constexpr std::size_t kLongestName = 508;  // RFC 8489 s14.3: USERNAME is shorter than 509 bytes
  constexpr std::array<std::string_view, 3> kMembers{"name", "password", "key"};
  const Parsed<json::object> object = parse_body(body, kMembers);
  if (!object) return object.error();
  const auto name = read_text(*object, "name");
  if (!name) return name.error();
  if (!*name) return bad_request("\"name\" is missing");
  if ((*name)->empty() || (*name)->size() > kLongestName || has_control_characters(**name))
    return bad_request("\"name\" is not 1 to 508 bytes without control characters");
  auto password = read_text(*object, "password");
  if (!password) return password.error();
  const auto key = read_text(*object, "key");
  if (!key) return key.error();
  if (*password && *key) return bad_request("\"password\" and \"key\" exclude each other");
  if (*password && (*password)->empty()) return bad_request("\"password\" is empty");
  if (*key && !is_md5_key(**key)) return bad_request("\"key\" is not 32 hex digits");
  return AddUser{**name, base::Secret(std::move(*password).value_or("")), key->value_or("")};
}

Parsed<AddSecret> parse_add_secret(std::string_view body) {
  constexpr std::array<std::string_view, 2> kMembers{"id", "value"};
  const Parsed<json::object> object = parse_body(body, kMembers);
  if (!object) return object.error();
  const auto id = read_text(*object, "id");
  if (!id) return id.error();
  if (!*id) return bad_request("\"id\" is missing");
  if (!is_secret_id(**id)) return bad_request("\"id\" is not 1 to 64 letters, digits, dots, underscores and hyphens");
  auto value = read_text(*object, "value");
  if (!value) return value.error();
  if (*value && (*value)->empty()) return bad_request("\"value\" is empty");
  return AddSecret{**id, base::Secret(std::move(*value).value_or(""))};
}

}  // namespace turnd::control
