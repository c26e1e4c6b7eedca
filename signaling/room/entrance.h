// Entrance: connections become sessions, sessions outlive connections: hello, auth, resume, tokens that expire.
#pragma once

#include <string>

#include "signaling/room/core.h"

namespace signaling::room {

class Entrance {
 public:
  explicit Entrance(Core& core) : core_(core) {}

  void on_connected(Opening opening);
  void on_disconnected(Connection& connection, Ending how);
  // `auth` on a connection, with or without a session.
  void authenticate(Connection& connection, const std::string& id, const protocol::Auth& auth);
  void refresh(Session& session, const Asker& asker, const protocol::AuthRefresh& refresh);
  void on_auth_timeout(ConnectionId who);
  void on_token_timer(SessionKey who);
  void on_window_end(SessionKey who);
  void on_settings() { hello_.reset(); }

  // Set by the hub: the session's socket is gone, or there is one again.
  std::function<void(Session&)> on_away;
  std::function<void(Session&)> on_back;

 private:
  // What an `auth` asked for, kept while its credentials are looked at.
  struct Attempt {
    ConnectionId connection;
    std::string id;
    std::optional<protocol::ResumePoint> resume;
    bool perfect_negotiation = false;
  };
  void greet(ConnectionId connection);
  void authenticate_again(Connection& connection, const Attempt& attempt);
  void ask_token(const Attempt& attempt, const std::string& token);
  void ask_guest(const Attempt& attempt, const protocol::GuestLogin& guest);
  [[nodiscard]] bool is_guest_of_session(const Attempt& attempt, const protocol::GuestLogin& guest);
  void admit(const Attempt& attempt, Person person, std::string secret);
  void resume_without_credentials(const Attempt& attempt);
  void refuse(const Attempt& attempt, const protocol::Failure& why);
  void refuse_name(const Attempt& attempt, const std::string& name, protocol::Failure why);
  [[nodiscard]] Session* resumable(const protocol::ResumePoint& point);
  void open(Connection& connection, Session& session, const Attempt& attempt);
  void resume(Connection& connection, Session& session, const Attempt& attempt);
  void attach(Connection& connection, Session& session);
  void send_auth_ok(const Attempt& attempt, const Session& session, bool resumed);
  void watch_token(Session& session);
  [[nodiscard]] std::string free_name(const std::string& name) const;

  Core& core_;
  protocol::SharedFrame hello_;  // the same for everybody; null until the next one comes
};

}  // namespace signaling::room
