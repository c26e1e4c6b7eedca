#include <algorithm>

#include "turnd/auth/opaque_string.h"
#include "turnd/base/hex.h"
#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

constexpr std::size_t kShortSecret = 16;
constexpr std::size_t kLongestName = 508;

bool is_secret_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string_view::npos;
}

// Present, not empty, and not masked where a start would use it.
std::optional<base::Secret> read_secret(const Field& field, const Reading& reading, Problems& problems) {
  if (!field.is_scalar()) {
    problems.add_secret(field, "must be text", "write the secret, in double quotes");
    return std::nullopt;
  }
  const std::string text = field.text();
  if (text.empty()) {
    problems.add_secret(field, "is empty", "write the secret, in double quotes");
    return std::nullopt;
  }
  if (text == kMasked && reading.masked == MaskedSecrets::refuse) {
    problems.add_secret(field, "is masked", "put the secret back: this file was written by --print-config");
    return std::nullopt;
  }
  return base::Secret(text);
}

void read_one_secret(const Field& item, FirstLines& ids, Reading& reading, Problems& problems) {
  if (!item.node.IsMap()) {
    problems.add(item, "must be a map of keys", "write { id: NAME, value_file: PATH }");
    return;
  }
  MapReader entry(item.node, item.path, problems);
  SecretSource secret;
  const auto id = entry.find("id");
  const auto value = entry.find("value");
  read_text(entry, "value_file", secret.value_file);
  entry.finish();
  if (!id || !is_secret_id(id->text())) {
    problems.add(id.value_or(item), "has no usable id", "id: 1 to 64 of A-Z a-z 0-9 . _ -");
    return;
  }
  secret.id = id->text();
  if (!ids.is_new(secret.id, *id, problems, "give every secret an id of its own")) return;
  if (value.has_value() == !secret.value_file.empty()) {
    problems.add_at(item.line, item.path, "needs exactly one of value and value_file", "keep one of the two");
    return;
  }
  if (value) {
    const auto read = read_secret(*value, reading, problems);
    if (!read) return;
    secret.value = *read;
    if (secret.value.size() < kShortSecret && secret.value.reveal() != kMasked)
      reading.warnings.push_back(value->path + ": shorter than 16 bytes; use 32 random bytes (turnctl secret add)");
  }
  reading.config.auth.secrets.push_back(std::move(secret));
}

void read_one_user(const Field& key, const Field& value, FirstLines& names, Reading& reading, Problems& problems) {
  if (!value.node.IsMap()) {
    problems.add(value, "must be a map of keys", "write { password: \"...\" }");
    return;
  }
  MapReader entry(value.node, value.path, problems);
  const auto password = entry.find("password");
  const auto md5 = entry.find("key");
  entry.finish();
  const auto name = auth::opaque_string(key.text());
  if (!name || name->size() > kLongestName) {
    problems.add(key, "is no user name", "1 to 508 bytes of UTF-8 without control characters (RFC 8265)");
    return;
  }
  // Two spellings may prepare to one name.
  if (!names.is_new(*name, key, problems, "keep one of the two: they prepare to the same name (RFC 8265)")) return;
  if (password.has_value() == md5.has_value()) {
    problems.add_at(key.line, key.path, "needs exactly one of password and key", "keep one of the two");
    return;
  }
  auth::StaticUser user;
  const auto secret = read_secret(password ? *password : *md5, reading, problems);
  if (!secret) return;
  if (password) {
    if (!auth::opaque_string(secret->reveal()))
      problems.add_secret(*password, "holds characters that no client may send",
                          "see RFC 8265; use letters and digits");
    user.password = *secret;
  } else if (secret->reveal() == kMasked) {
    user.md5_key.emplace();  // printed again, it is a key as before
  } else {
    const auto bytes = base::from_hex(secret->reveal());
    if (!bytes || bytes->size() != crypto::Md5Digest{}.size()) {
      problems.add_secret(*md5, "is no key", "write the 32 hex digits of MD5(user:realm:password)");
      return;
    }
    std::ranges::copy(*bytes, user.md5_key.emplace().begin());
  }
  reading.config.auth.users.emplace(*name, std::move(user));
}

void read_on_expiry(MapReader& auth, Reading& reading) {
  const auto field = auth.find("on_expiry");
  if (!field) return;
  if (field->text() == "keep")
    reading.config.auth.on_expiry = auth::OnExpiry::keep;
  else if (field->text() == "stop")
    reading.config.auth.on_expiry = auth::OnExpiry::stop;
  else
    auth.problems().add(*field, "is neither keep nor stop", "keep: live sessions go on; stop: they end");
}

}  // namespace

void read_auth(MapReader& root, Reading& reading) {
  MapReader auth = root.map("auth");
  FirstLines ids, names;
  for (const Field& item : auth.list("secrets")) read_one_secret(item, ids, reading, auth.problems());
  MapReader users = auth.map("users");
  for (const auto& [key, value] : users.entries()) read_one_user(key, value, names, reading, auth.problems());
  read_text(auth, "database", reading.config.auth.database);
  if (const auto tokens = auth.find("tokens"); tokens && !(tokens->node.IsSequence() && tokens->node.size() == 0))
    auth.problems().add_at(tokens->line, tokens->path, "not in this version", "leave it out, or write []");
  read_duration(auth, "nonce_lifetime", {std::chrono::seconds(1), std::chrono::hours(24)},
                reading.config.auth.nonce_lifetime);
  read_on_expiry(auth, reading);
  auth.finish();
}

}  // namespace turnd::config
