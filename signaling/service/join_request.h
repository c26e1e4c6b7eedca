// JoinRequest: somebody waits to be let into a meeting; what became of it outlasts his connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/meeting.h"
#include "signaling/service/sealed_text.h"

namespace signaling::service {

enum class RequestStatus : std::uint8_t { pending, approved, denied, expired, cancelled };

struct JoinRequest {
  std::int64_t id = 0;
  std::int64_t meeting_id = 0;
  std::optional<std::int64_t> user_id;
  std::string user_name;  // of the account
  std::string guest_id, guest_name, guest_email;
  WaitReason reason = WaitReason::waiting_room;
  RequestStatus status = RequestStatus::pending;
  WallTime requested_at;
  std::optional<WallTime> handled_at;

  [[nodiscard]] const std::string& name() const { return user_id ? user_name : guest_name; }
  [[nodiscard]] std::string person_key() const { return user_id ? "u:" + std::to_string(*user_id) : "g:" + guest_id; }
};

// What the rows say of one person: at most one request is pending, the last handled one counts.
struct RequestFacts {
  std::optional<std::int64_t> pending;  // its id
  bool approved = false;
  bool denied = false;
};
[[nodiscard]] RequestFacts request_facts(store::Connection& db, std::int64_t meeting_id, const Identity& who);
// The half of it that says what the hosts answered last.
void read_answer(store::Connection& db, std::int64_t meeting_id, const Identity& who, RequestFacts& facts);

[[nodiscard]] std::optional<JoinRequest> request_by_id(store::Connection& db, std::int64_t id);
// So many may wait for the hosts of one meeting with an account, and so many without; and for its start as many as the
// largest meeting seats. A host hears of those who wait for him in one breath.
inline constexpr std::int64_t kMostPending = 200;
inline constexpr std::int64_t kMostBeforeStart = 500;
[[nodiscard]] bool may_ask(store::Connection& db, std::int64_t meeting_id, const Identity& who, WaitReason reason);
// Those which wait in the places that such a one would have.
[[nodiscard]] std::vector<std::int64_t> requests_beside(store::Connection& db, std::int64_t meeting_id,
                                                        const Identity& who, WaitReason reason);
[[nodiscard]] std::vector<std::int64_t> all_pending_requests(store::Connection& db);
// Oldest first; never more than may wait.
[[nodiscard]] std::vector<JoinRequest> pending_requests(store::Connection& db, std::int64_t meeting_id);
// 1-based, among those who wait for the same meeting.
[[nodiscard]] std::int64_t position(store::Connection& db, const JoinRequest& request);

struct NewRequest {
  WaitReason reason;
  std::string guest_name, guest_email;
};
std::int64_t add_request(store::Connection& db, std::int64_t meeting_id, const Identity& who, const NewRequest& request,
                         WallTime now);
void set_request_reason(store::Connection& db, std::int64_t id, WaitReason reason);
void set_request_status(store::Connection& db, std::int64_t id, RequestStatus status,
                        std::optional<std::int64_t> handled_by, WallTime now);
// A kick, and an invitation, make earlier answers void: the person may ask again.
void forget_answers(store::Connection& db, std::int64_t meeting_id, std::optional<std::int64_t> user_id,
                    const std::string& guest_id, RequestStatus answer, WallTime now);

// What a guest shows to ask about his request: "<id>.<proof>", and only this server can make it.
[[nodiscard]] std::string request_secret(const SealingKey& key, const JoinRequest& request);
// The request whose secret this is.
[[nodiscard]] std::optional<JoinRequest> request_by_secret(store::Connection& db, const SealingKey& key,
                                                           std::string_view secret);

[[nodiscard]] std::string_view to_string(RequestStatus status);

}  // namespace signaling::service
