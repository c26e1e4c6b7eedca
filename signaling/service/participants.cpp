#include "signaling/service/participants.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "signaling/protocol/time_text.h"
#include "signaling/service/account_requests.h"
#include "signaling/service/base64url.h"
#include "signaling/service/body.h"
#include "signaling/service/identity_columns.h"
#include "signaling/service/tokens.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;
using protocol::Outcome;

constexpr std::chrono::minutes kHttpPresence{5};
constexpr std::chrono::hours kRecently{24};
constexpr std::chrono::days kMemory{30};  // of a name that nobody uses
constexpr std::size_t kSecretBytes = 24;

// ?1 is the moment before which a name that only HTTP marked online is not any more.
const std::string kIsOnline = "(holder IS NOT NULL OR (is_online = 1 AND last_seen_at > ?1))";
const std::string kSelect = "SELECT id, username, " + kIsOnline + ", joined_at, last_seen_at FROM participants ";
const std::string kByName = kSelect + "WHERE username = ?2";
const std::string kAll = kSelect + "ORDER BY id DESC LIMIT 1000";
const std::string kOnline = kSelect + "WHERE " + kIsOnline + " ORDER BY id DESC LIMIT 1000";
const std::string kCounts =
    "SELECT count(*), coalesce(sum(" + kIsOnline + "), 0), coalesce(sum(last_seen_at > ?2), 0) FROM participants";

Participant participant_of(const store::Row& row) {
  return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<bool>(2), row.get<WallTime>(3),
          row.get<WallTime>(4)};
}

std::optional<Participant> find(store::Connection& db, std::string_view username, WallTime now) {
  return db.one(participant_of, kByName, now - kHttpPresence, username);
}

std::optional<Failure> owned_by_another(store::Connection& db, const Identity& who, std::string_view username) {
  const auto owner = owner_of_username(db, username);
  if (owner && !who.is_person(*owner)) return failure(ErrorCode::username_taken);
  return std::nullopt;
}

bool knows_secret(store::Connection& db, const NameRequest& request) {
  return request.secret && db.exists("SELECT 1 FROM participants WHERE username = ?1 AND guest_secret_hash = ?2",
                                     request.username, stored_secret(*request.secret));
}

// A live socket of somebody else has the name. The same account or guest, and the secret, are no somebody else.
bool is_held_by_another(store::Connection& db, const Identity& who, const NameRequest& request) {
  const auto held =
      db.value<std::optional<std::string>>("SELECT holder FROM participants WHERE username = ?1", request.username)
          .value_or(std::nullopt);
  if (!held || (!who.key().empty() && *held == who.key())) return false;
  return !knows_secret(db, request);
}

Event participant_event(std::string name, std::string_view username) {
  return {Level::info, "participant-service", std::move(name), std::string(username), {}};
}

}  // namespace

boost::json::object participant_json(const Participant& participant) {
  std::array<char, 25> id{};
  std::snprintf(id.data(), id.size(), "%024llx", static_cast<unsigned long long>(participant.id));
  return {{"_id", id.data()},
          {"username", participant.username},
          {"isOnline", participant.is_online},
          {"joinedAt", protocol::time_text(participant.joined_at)}};
}

Outcome<NameRequest> read_name_request(const boost::json::object& members) {
  Body body(members);
  auto username = body.required_text("username");
  if (username && !is_username(*username)) body.fault("username", "must be 3 to 20 of A-Z, a-z, 0-9, _ and -");
  auto secret = body.text("secret", {.max = 200});
  if (!body.ok()) return body.failure();
  return NameRequest{std::move(*username), std::move(secret)};
}

NameGranted Participants::put(store::Connection& db, const Identity& who, const NameRequest& request,
                              WallTime now) const {
  std::string secret = request.secret.value_or("");
  if (!knows_secret(db, request)) {
    turnd::base::Bytes bytes(kSecretBytes);
    random_(bytes);
    secret = to_base64url(bytes);
  }
  const auto user_id = account_column(who);
  db.execute(
      "INSERT INTO participants(username, user_id, guest_secret_hash, is_online, joined_at, last_seen_at)"
      " VALUES (?1, ?2, ?3, 1, ?4, ?4) ON CONFLICT(username) DO UPDATE SET user_id = excluded.user_id,"
      " guest_secret_hash = excluded.guest_secret_hash, is_online = 1, joined_at = excluded.joined_at,"
      " last_seen_at = excluded.last_seen_at, left_at = NULL",
      request.username, user_id, stored_secret(secret), now);
  return {find(db, request.username, now).value(), std::move(secret)};
}

Outcome<NameGranted> Participants::join(store::Connection& db, const Identity& who, const NameRequest& request,
                                        WallTime now, Effects& effects) const {
  if (auto refused = owned_by_another(db, who, request.username)) return std::move(*refused);
  if (is_held_by_another(db, who, request)) return failure(ErrorCode::username_taken);
  effects.events.push_back(participant_event("participant_joined", request.username));
  return put(db, who, request, now);
}

std::optional<Failure> Participants::hold(store::Connection& db, const Identity& who, std::string_view username,
                                          std::string_view holder, WallTime now, Effects& effects) const {
  if (auto refused = owned_by_another(db, who, username)) return refused;
  const auto changed = db.execute(
      "INSERT INTO participants(username, user_id, is_online, holder, joined_at, last_seen_at)"
      " VALUES (?1, ?2, 1, ?3, ?4, ?4) ON CONFLICT(username) DO UPDATE SET user_id = excluded.user_id,"
      " guest_secret_hash = NULL, is_online = 1, holder = excluded.holder, joined_at = excluded.joined_at,"
      " last_seen_at = excluded.last_seen_at, left_at = NULL"
      " WHERE holder IS NULL OR holder = excluded.holder",
      username, account_column(who), holder, now);
  if (changed == 0) return failure(ErrorCode::username_taken);
  effects.events.push_back(participant_event("participant_joined", username));
  return std::nullopt;
}

Outcome<Participant> Participants::leave(store::Connection& db, const Identity& who, std::string_view username,
                                         WallTime now, Effects& effects) const {
  if (owned_by_another(db, who, username)) return failure(ErrorCode::forbidden, "This is an account's name");
  const auto changed = db.execute(
      "UPDATE participants SET is_online = holder IS NOT NULL, left_at = ?2, last_seen_at = ?2 WHERE username = ?1",
      username, now);
  if (changed == 0) return failure(ErrorCode::not_found);
  effects.events.push_back(participant_event("participant_left", username));
  return find(db, username, now).value();
}

void Participants::touch(store::Connection& db, std::string_view username, WallTime now) const {
  db.execute("UPDATE participants SET last_seen_at = ?2 WHERE username = ?1", username, now);
}

void Participants::release(store::Connection& db, std::string_view username, std::string_view holder, WallTime now,
                           Effects& effects) const {
  const auto changed = db.execute(
      "UPDATE participants SET holder = NULL, is_online = 0, left_at = ?3, last_seen_at = ?3"
      " WHERE username = ?1 AND holder = ?2",
      username, holder, now);
  if (changed != 0) effects.events.push_back(participant_event("participant_left", username));
}

void Participants::release_all(store::Connection& db, WallTime now) const {
  db.execute("UPDATE participants SET holder = NULL, is_online = 0, left_at = ?1 WHERE holder IS NOT NULL", now);
}

void Participants::expire(store::Connection& db, WallTime now, Effects& effects) const {
  const auto gone = db.all([](const store::Row& row) { return row.get<std::string>(0); },
                           "UPDATE participants SET is_online = 0, left_at = ?2 WHERE is_online = 1 AND holder IS NULL"
                           " AND last_seen_at <= ?1 RETURNING username",
                           now - kHttpPresence, now);
  for (const std::string& username : gone) effects.events.push_back(participant_event("participant_left", username));
}

bool Participants::prune(store::Connection& db, std::size_t most, WallTime now) const {
  constexpr std::string_view forget =
      "DELETE FROM participants WHERE id IN (SELECT id FROM participants WHERE is_online = 0 AND holder IS NULL"
      " AND last_seen_at <= ?1 ORDER BY last_seen_at LIMIT ?2)";
  auto left = static_cast<std::int64_t>(most) - db.execute(forget, now - kMemory, most);
  const auto excess = db.value<std::int64_t>("SELECT count(*) FROM participants").value_or(0) - most_names_;
  if (excess > 0 && left > 0) left -= db.execute(forget, now, std::min(excess, left));
  return left <= 0;
}

std::vector<Participant> Participants::list(store::Connection& db, WallTime now) const {
  return db.all(participant_of, kAll, now - kHttpPresence);
}

std::vector<Participant> Participants::online(store::Connection& db, WallTime now) const {
  return db.all(participant_of, kOnline, now - kHttpPresence);
}

ParticipantCounts Participants::counts(store::Connection& db, WallTime now) const {
  const auto read = [](const store::Row& row) {
    return ParticipantCounts{row.number(0), row.number(1), row.number(2)};
  };
  return db.one(read, kCounts, now - kHttpPresence, now - kRecently).value();
}

}  // namespace signaling::service
