#include "signaling/service/access_token.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>

#include "signaling/protocol/json_text.h"
#include "signaling/protocol/text_member.h"
#include "signaling/service/base64url.h"

namespace signaling::service {
namespace {

namespace json = boost::json;
using protocol::ErrorCode;
using protocol::Outcome;
using protocol::text_member;

constexpr std::string_view kAudience = "signald";
constexpr std::chrono::seconds kLeeway{30};
// Ours have less than 1 KiB.
constexpr std::size_t kLargestToken = 8'192;

std::optional<std::string> decode(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return std::nullopt;
  return std::string(turnd::base::as_text(*bytes));
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Two members of one name are read differently by different parsers (RFC 8725 s2.4); escapes could hide one.
bool is_plain(std::string_view header) {
  return header.find('\\') == std::string_view::npos && count_of(header, "\"alg\"") == 1 &&
         count_of(header, "\"kid\"") <= 1 && count_of(header, "\"typ\"") <= 1;
}

bool is_text(const json::object& members, std::string_view name, std::string_view expected) {
  return text_member(members, name) == expected;
}

// RFC 7519 s4.1.3: one, or a list of them.
bool is_for_us(const json::object& claims) {
  const json::value* audience = claims.if_contains("aud");
  if (!audience) return false;
  if (const json::array* list = audience->if_array()) {
    for (const json::value& each : *list)
      if (each.is_string() && each.get_string() == kAudience) return true;
    return false;
  }
  return is_text(claims, "aud", kAudience);
}

// Seconds since 1970, an integer in the range of our clock.
std::optional<WallTime> time_of(const json::object& claims, std::string_view name) {
  constexpr std::int64_t kMost = 9'000'000'000;
  const json::value* found = claims.if_contains(name);
  const std::int64_t* seconds = found ? found->if_int64() : nullptr;
  if (!seconds || *seconds < 0 || *seconds > kMost) return std::nullopt;
  return WallTime(std::chrono::seconds(*seconds));
}

std::int64_t seconds_of(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Absent is early enough; what is no time is not.
bool has_begun(const json::object& claims, std::string_view name, WallTime now) {
  if (!claims.contains(name)) return true;
  const auto time = time_of(claims, name);
  return time && *time <= now + kLeeway;
}

Claims read(const json::object& members) {
  Claims claims;
  claims.subject = text_member(members, "sub");
  claims.role = text_member(members, "role");
  claims.name = text_member(members, "name");
  claims.email = text_member(members, "email");
  claims.family = text_member(members, "fam");
  if (const json::value* epoch = members.if_contains("ep"); epoch && epoch->is_int64())
    claims.epoch = epoch->get_int64();
  if (members.contains("meeting")) claims.meeting = text_member(members, "meeting");
  claims.issued_at = time_of(members, "iat").value_or(WallTime());
  claims.expires_at = time_of(members, "exp").value_or(WallTime());
  return claims;
}

}  // namespace

std::optional<std::int64_t> Claims::user_id() const {
  std::int64_t id = 0;
  const char* end = subject.data() + subject.size();
  const auto [stop, error] = std::from_chars(subject.data(), end, id);
  if (error != std::errc() || stop != end || id <= 0) return std::nullopt;
  return id;
}

std::optional<std::string> Claims::guest_id() const {
  if (!subject.starts_with("g:")) return std::nullopt;
  return subject.substr(2);
}

AccessTokens::AccessTokens(SigningKey key, std::string issuer) : current_(key.id()), issuer_(std::move(issuer)) {
  accept(std::move(key));
}

void AccessTokens::accept(SigningKey old) {
  const std::string id = old.id();
  keys_.emplace(id, std::move(old));
}

std::string AccessTokens::sign(const Claims& claims) const {
  const SigningKey& key = keys_.at(current_);
  const json::object header{{"alg", to_string(key.algorithm())}, {"typ", "JWT"}, {"kid", key.id()}};
  json::object body{{"iss", issuer_},
                    {"aud", kAudience},
                    {"sub", claims.subject},
                    {"role", claims.role},
                    {"name", claims.name},
                    {"iat", seconds_of(claims.issued_at)},
                    {"exp", seconds_of(claims.expires_at)}};
  if (!claims.email.empty()) body["email"] = claims.email;
  if (!claims.family.empty()) body["fam"] = claims.family;
  if (claims.role != "guest") body["ep"] = claims.epoch;
  if (claims.meeting) body["meeting"] = *claims.meeting;
  const auto encode = [](const json::object& part) {
    return to_base64url(turnd::base::as_bytes(json::serialize(part)));
  };
  const std::string text = encode(header) + '.' + encode(body);
  return text + '.' + to_base64url(key.sign(text));
}

// The header chooses among our keys and nothing else: not the algorithm, not a key of its own (RFC 8725 s3.1).
const SigningKey* AccessTokens::key_of(std::string_view header) const {
  if (!is_plain(header)) return nullptr;
  const auto members = protocol::parse_json_object(header);
  if (!members || members->contains("crit")) return nullptr;
  if (members->contains("typ") && !is_text(*members, "typ", "JWT")) return nullptr;
  const auto key = keys_.find(members->contains("kid") ? text_member(*members, "kid") : current_);
  if (key == keys_.end() || !is_text(*members, "alg", to_string(key->second.algorithm()))) return nullptr;
  return &key->second;
}

Outcome<Claims> AccessTokens::verify(std::string_view token, WallTime now) const {
  const auto refused = protocol::failure(ErrorCode::unauthenticated);
  const auto first = token.find('.'), last = token.rfind('.');
  if (token.size() > kLargestToken || first == std::string_view::npos || first == last) return refused;

  const auto header = decode(token.substr(0, first));
  const SigningKey* key = header ? key_of(*header) : nullptr;
  const auto signature = from_base64url(token.substr(last + 1));
  if (!key || !signature || !key->verify(token.substr(0, last), *signature)) return refused;

  const auto body = decode(token.substr(first + 1, last - first - 1));
  if (!body) return refused;
  const auto members = protocol::parse_json_object(*body);
  if (!members || !is_text(*members, "iss", issuer_) || !is_for_us(*members)) return refused;
  if (!has_begun(*members, "nbf", now) || !has_begun(*members, "iat", now)) return refused;
  const auto expires = time_of(*members, "exp");
  if (!expires) return refused;
  if (*expires <= now) return protocol::failure(ErrorCode::token_expired);
  return read(*members);
}

}  // namespace signaling::service
