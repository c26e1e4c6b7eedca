// Guests: people without an account, known again by a secret.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "signaling/service/tokens.h"

namespace signaling::service {

struct GuestRequest {
  std::string name;                         // 1 to 40 characters
  std::optional<std::string> meeting = {};  // UUID or code: the token is good for that one only
  std::optional<std::string> secret = {};   // of an earlier time: with the same name the same guest
};
[[nodiscard]] protocol::Outcome<GuestRequest> read_guest_request(const boost::json::object& body);

struct GuestSession {
  std::string guest_id;
  std::string name;
  std::optional<std::string> meeting;  // UUID
  std::string access_token;
  std::string secret;
  std::chrono::seconds expires_in{};
};

class Guests {
 public:
  explicit Guests(const Tokens& tokens) : tokens_(tokens) {}

  // By his secret, under the same name.
  [[nodiscard]] bool knows(store::Connection& db, const GuestRequest& request) const;
  // 403 `forbidden` with guests off, 409 `username_taken` for an account's username, 404 `meeting_not_found` (A7).
  [[nodiscard]] protocol::Outcome<GuestSession> enter(store::Connection& db, const GuestRequest& request,
                                                      WallTime now) const;
  // The same without an access token: for who stays on his socket.
  [[nodiscard]] protocol::Outcome<GuestSession> let_in(store::Connection& db, const GuestRequest& request,
                                                       WallTime now) const;

 private:
  const Tokens& tokens_;
};

// As GET /api/auth/me shows a guest (A8): {id: null, name, role: "guest", guestId, meetingId}.
[[nodiscard]] boost::json::object guest_json(const std::string& guest_id, const std::string& name,
                                             const std::optional<std::string>& meeting);

}  // namespace signaling::service
