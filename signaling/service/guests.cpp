#include "signaling/service/guests.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/json/value.hpp>

#include "signaling/protocol/name_key.h"
#include "signaling/service/base64url.h"
#include "signaling/service/body.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

constexpr std::size_t kTimeBytes = 6;  // milliseconds
constexpr std::size_t kRandomBytes = 6;
constexpr std::size_t kIdLength = 16;  // of both as base64url
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kOldSecretLength = 43;  // of those bytes as base64url, without an id before them

// A secret begins with the id of its guest, but for those of old (schema_accounts.cpp); that with the time, so that
// guests who come together are neighbours in the table.
std::string new_secret(const Tokens& tokens, WallTime now) {
  std::array<std::uint8_t, kTimeBytes> time{};
  auto rest = static_cast<std::uint64_t>(now.time_since_epoch() / std::chrono::milliseconds(1));
  for (std::size_t i = kTimeBytes; i-- > 0; rest >>= 8) time[i] = static_cast<std::uint8_t>(rest);
  return to_base64url(time) + tokens.random_text(kRandomBytes + kSecretBytes);
}

std::string id_in(const std::string& secret) { return secret.substr(0, kIdLength); }

struct KnownGuest {
  std::string id;
  std::optional<std::string> meeting;
};

KnownGuest known_guest(const store::Row& row) {
  return {row.get<std::string>(0), row.get<std::optional<std::string>>(1)};
}

std::optional<KnownGuest> find_known(store::Connection& db, const GuestRequest& request) {
  if (!request.secret) return std::nullopt;
  if (request.secret->size() == kOldSecretLength)
    return db.one(known_guest,
                  "SELECT g.id, g.meeting FROM old_guest_secrets s JOIN guests g ON g.id = s.guest_id"
                  " WHERE s.secret_hash = ?1 AND g.name = ?2",
                  stored_secret(*request.secret), request.name);
  return db.one(known_guest, "SELECT id, meeting FROM guests WHERE id = ?1 AND secret_hash = ?2 AND name = ?3",
                id_in(*request.secret), stored_secret(*request.secret), request.name);
}

std::optional<std::string> find_meeting(store::Connection& db, const std::string& id_or_code) {
  return db.value<std::string>("SELECT uuid FROM meetings WHERE uuid = lower(?1) OR code = replace(?1, '-', '')",
                               id_or_code);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

}  // namespace

Outcome<GuestRequest> read_guest_request(const boost::json::object& members) {
  Body body(members);
  const auto name = body.required_text("name", {.min = 1, .max = 40});
  auto meeting = body.text("meetingId", {.max = 64});
  auto secret = body.text("guest_secret", {.max = 200});
  if (!body.ok()) return body.failure();
  return GuestRequest{*name, std::move(meeting), std::move(secret)};
}

bool Guests::knows(store::Connection& db, const GuestRequest& request) const {
  return find_known(db, request).has_value();
}

Outcome<GuestSession> Guests::let_in(store::Connection& db, const GuestRequest& request, WallTime now) const {
  if (!tokens_.guests_allowed()) return failure(ErrorCode::forbidden, "Guests are not allowed here");
  if (std::ranges::any_of(request.name, is_control)) return protocol::bad_field("name", "must be one line of text");
  if (owner_of_username(db, protocol::name_key(request.name))) return failure(ErrorCode::username_taken);
  const auto meeting = request.meeting ? find_meeting(db, *request.meeting) : std::nullopt;
  if (request.meeting && !meeting) return failure(ErrorCode::meeting_not_found);

  GuestSession session;
  session.name = request.name;
  session.meeting = meeting;
  session.expires_in = tokens_.settings().access_ttl;
  if (const auto known = find_known(db, request)) {
    session.guest_id = known->id;
    session.secret = *request.secret;
    if (!meeting) session.meeting = known->meeting;
    db.execute("UPDATE guests SET last_seen_at = ?2, meeting = ?3 WHERE id = ?1", known->id, now, session.meeting);
  } else {
    session.secret = new_secret(tokens_, now);
    session.guest_id = id_in(session.secret);
    db.execute(
        "INSERT INTO guests(id, name, secret_hash, meeting, created_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        session.guest_id, session.name, stored_secret(session.secret), session.meeting, now);
  }
  return session;
}

Outcome<GuestSession> Guests::enter(store::Connection& db, const GuestRequest& request, WallTime now) const {
  auto session = let_in(db, request, now);
  if (session) session->access_token = tokens_.sign_guest(session->guest_id, session->name, session->meeting, now);
  return session;
}

boost::json::object guest_json(const std::string& guest_id, const std::string& name,
                               const std::optional<std::string>& meeting) {
  return {{"id", nullptr},
          {"name", name},
          {"role", "guest"},
          {"guestId", guest_id},
          {"meetingId", meeting ? boost::json::value(*meeting) : boost::json::value(nullptr)}};
}

}  // namespace signaling::service
