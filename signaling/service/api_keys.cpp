#include "signaling/service/api_keys.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "signaling/service/base64url.h"
#include "signaling/service/tokens.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

constexpr std::size_t kKeyBytes = 32;
// Says what it is to people and to scanners for leaked secrets.
constexpr std::string_view kPrefix = "sk_";

std::string scopes_text(const std::vector<std::string>& scopes) {
  return boost::json::serialize(boost::json::array(scopes.begin(), scopes.end()));
}

std::vector<std::string> scopes_of(const std::string& text) {
  std::vector<std::string> scopes;
  const auto list = boost::json::parse(text);
  for (const auto& each : list.as_array()) scopes.emplace_back(each.as_string());
  return scopes;
}

bool is_scope(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

std::optional<std::vector<std::string>> parse_scopes(std::string_view text) {
  std::vector<std::string> scopes;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (!is_scope(text.substr(0, end))) return std::nullopt;
    scopes.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

Outcome<std::string> add_key(store::Connection& db, const ApiKey& key, const turnd::base::RandomSource& random) {
  if (db.exists("SELECT 1 FROM api_keys WHERE name = ?1 AND revoked_at IS NULL", key.name))
    return failure(ErrorCode::conflict, "a key named " + key.name + " exists");
  turnd::base::Bytes bytes(kKeyBytes);
  random(bytes);
  std::string secret = std::string(kPrefix) + to_base64url(bytes);
  db.execute("INSERT INTO api_keys(name, key_hash, scopes, created_at) VALUES (?1, ?2, ?3, ?4)", key.name,
             stored_secret(secret), scopes_text(key.scopes), key.created_at);
  return secret;
}

std::vector<ApiKey> list_keys(store::Connection& db) {
  return db.all(
      [](const store::Row& row) {
        return ApiKey{row.get<std::string>(0), scopes_of(row.get<std::string>(1)), row.get<WallTime>(2),
                      !row.is_null(3)};
      },
      "SELECT name, scopes, created_at, revoked_at FROM api_keys ORDER BY id");
}

bool revoke_key(store::Connection& db, std::string_view name, WallTime now) {
  return db.execute("UPDATE api_keys SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL", name, now) != 0;
}

Outcome<Identity> identify_key(store::Connection& db, std::string_view key, WallTime now) {
  auto who = db.one(
      [](const store::Row& row) {
        Identity found;
        found.kind = Identity::Kind::key;
        found.name = row.get<std::string>(0);
        found.scopes = scopes_of(row.get<std::string>(1));
        return found;
      },
      "SELECT name, scopes FROM api_keys WHERE key_hash = ?1 AND revoked_at IS NULL"
      " AND (expires_at IS NULL OR expires_at > ?2)",
      stored_secret(key), now);
  if (!who) return failure(ErrorCode::unauthenticated);
  return std::move(*who);
}

}  // namespace signaling::service
