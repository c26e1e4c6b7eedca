#include "signaling/service/join_request.h"

#include <array>
#include <charconv>

#include "signaling/service/identity_columns.h"

namespace signaling::service {

namespace {

constexpr std::array<std::string_view, 5> kStatus{"pending", "approved", "denied", "expired", "cancelled"};

const std::string kSelect =
    "SELECT r.id, r.meeting_id, r.user_id, coalesce(u.name, ''), coalesce(r.guest_id, ''), coalesce(r.guest_name, ''),"
    " coalesce(r.guest_email, ''), r.reason, r.status, r.requested_at, r.handled_at"
    " FROM join_requests r LEFT JOIN users u ON u.id = r.user_id WHERE ";

// With an account or without, for the start or for the hosts: each of the four has places of its own.
const std::string kBeside =
    "FROM join_requests WHERE meeting_id = ?1 AND status = 'pending' AND (user_id IS NOT NULL) = ?2"
    " AND (reason = 'not_started') = ?3";

std::int64_t read_id(const store::Row& row) { return row.number(0); }

RequestStatus request_status(std::string_view name) {
  for (std::size_t i = 0; i < kStatus.size(); ++i) {
    if (kStatus[i] == name) return static_cast<RequestStatus>(i);
  }
  return RequestStatus::expired;
}

JoinRequest read_request(const store::Row& row) {
  JoinRequest made;
  made.id = row.get<std::int64_t>(0);
  made.meeting_id = row.get<std::int64_t>(1);
  made.user_id = row.get<std::optional<std::int64_t>>(2);
  made.user_name = row.get<std::string>(3);
  made.guest_id = row.get<std::string>(4);
  made.guest_name = row.get<std::string>(5);
  made.guest_email = row.get<std::string>(6);
  made.reason = wait_reason(row.get<std::string>(7)).value_or(WaitReason::waiting_room);
  made.status = request_status(row.get<std::string>(8));
  made.requested_at = row.get<WallTime>(9);
  made.handled_at = row.get<std::optional<WallTime>>(10);
  return made;
}

}  // namespace

RequestFacts request_facts(store::Connection& db, std::int64_t meeting_id, const Identity& who) {
  RequestFacts facts;
  facts.pending = db.value<std::int64_t>(
      "SELECT id FROM join_requests WHERE meeting_id = ?1 AND status = 'pending' AND (user_id = ?2 OR guest_id = ?3)",
      meeting_id, account_column(who), guest_column(who));
  read_answer(db, meeting_id, who, facts);
  return facts;
}

void read_answer(store::Connection& db, std::int64_t meeting_id, const Identity& who, RequestFacts& facts) {
  const auto last = db.value<std::string>(
      "SELECT status FROM join_requests WHERE meeting_id = ?1 AND (user_id = ?2 OR guest_id = ?3)"
      " AND status IN ('approved', 'denied') ORDER BY handled_at DESC, id DESC LIMIT 1",
      meeting_id, account_column(who), guest_column(who));
  facts.approved = last == "approved";
  facts.denied = last == "denied";
}

std::optional<JoinRequest> request_by_id(store::Connection& db, std::int64_t id) {
  static const std::string sql = kSelect + "r.id = ?1";
  return db.one(read_request, sql, id);
}

bool may_ask(store::Connection& db, std::int64_t meeting_id, const Identity& who, WaitReason reason) {
  static const std::string sql = "SELECT count(*) " + kBeside;
  const bool for_start = reason == WaitReason::not_started;
  return db.value<std::int64_t>(sql, meeting_id, who.is_account(), for_start) <
         (for_start ? kMostBeforeStart : kMostPending);
}

std::vector<std::int64_t> requests_beside(store::Connection& db, std::int64_t meeting_id, const Identity& who,
                                          WaitReason reason) {
  static const std::string sql = "SELECT id " + kBeside;
  return db.all(read_id, sql, meeting_id, who.is_account(), reason == WaitReason::not_started);
}

std::vector<JoinRequest> pending_requests(store::Connection& db, std::int64_t meeting_id) {
  static const std::string sql =
      kSelect + "r.meeting_id = ?1 AND r.status = 'pending' ORDER BY r.requested_at, r.id LIMIT ?2";
  return db.all(read_request, sql, meeting_id, 2 * (kMostPending + kMostBeforeStart));
}

std::vector<std::int64_t> all_pending_requests(store::Connection& db) {
  return db.all(read_id, "SELECT id FROM join_requests WHERE status = 'pending'");
}

std::int64_t position(store::Connection& db, const JoinRequest& request) {
  return db
      .value<std::int64_t>(
          "SELECT count(*) FROM join_requests WHERE meeting_id = ?1 AND status = 'pending'"
          " AND (requested_at < ?2 OR (requested_at = ?2 AND id <= ?3))",
          request.meeting_id, request.requested_at, request.id)
      .value_or(0);
}

std::int64_t add_request(store::Connection& db, std::int64_t meeting_id, const Identity& who, const NewRequest& request,
                         WallTime now) {
  const bool is_guest = who.is_guest();
  return db.insert(
      "INSERT INTO join_requests(meeting_id, user_id, guest_id, guest_name, guest_email, reason, requested_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      meeting_id, account_column(who), guest_column(who), is_guest ? std::optional(request.guest_name) : std::nullopt,
      is_guest && !request.guest_email.empty() ? std::optional(request.guest_email) : std::nullopt,
      to_string(request.reason), now);
}

void set_request_reason(store::Connection& db, std::int64_t id, WaitReason reason) {
  db.execute("UPDATE join_requests SET reason = ?2 WHERE id = ?1", id, to_string(reason));
}

void set_request_status(store::Connection& db, std::int64_t id, RequestStatus status,
                        std::optional<std::int64_t> handled_by, WallTime now) {
  db.execute("UPDATE join_requests SET status = ?2, handled_by = ?3, handled_at = ?4 WHERE id = ?1", id,
             to_string(status), handled_by, now);
}

void forget_answers(store::Connection& db, std::int64_t meeting_id, std::optional<std::int64_t> user_id,
                    const std::string& guest_id, RequestStatus answer, WallTime now) {
  db.execute(
      "UPDATE join_requests SET status = 'expired', handled_at = ?5 WHERE meeting_id = ?1"
      " AND (user_id = ?2 OR (user_id IS NULL AND guest_id = ?3)) AND status = ?4",
      meeting_id, user_id, guest_id, to_string(answer), now);
}

std::string request_secret(const SealingKey& key, const JoinRequest& request) {
  const std::string id = std::to_string(request.id);
  return id + "." + key.token_for("join request " + id + " " + std::to_string(store::to_stored(request.requested_at)));
}

std::optional<JoinRequest> request_by_secret(store::Connection& db, const SealingKey& key, std::string_view secret) {
  std::int64_t id = 0;
  const auto dot = secret.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto [end, error] = std::from_chars(secret.data(), secret.data() + dot, id);
  if (error != std::errc() || end != secret.data() + dot) return std::nullopt;
  auto request = request_by_id(db, id);
  if (!request || !same_secret(request_secret(key, *request), secret)) return std::nullopt;
  return request;
}

std::string_view to_string(RequestStatus status) { return kStatus[static_cast<std::size_t>(status)]; }

}  // namespace signaling::service
