#include "signaling/room/entrance.h"

#include <utility>

#include "signaling/room/names.h"

namespace signaling::room {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using protocol::failure;
using protocol::FrameWriter;
using protocol::ServerType;

// How long before a token's end its holder is told (G20a).
constexpr auto kExpiryNotice = 60s;

protocol::Failure one_too_many() { return protocol::rate_limited(1s); }

}  // namespace

void Entrance::on_connected(Opening opening) {
  std::optional<Person> person = std::exchange(opening.person, std::nullopt);
  Connection& connection = core_.add_connection(std::move(opening));
  const ConnectionId id = connection.facts.connection;
  if (connection.facts.greets) greet(id);
  if (person) {
    connection.may_authenticate_again = true;
    if (core_.has_too_many(person->id)) {
      core_.send(id, error_frame({}, one_too_many()));
      return core_.close(connection, farewell::kRateLimited);
    }
    open(connection, core_.add_session(std::move(*person), connection.facts), {id, {}, {}, false});
    return;
  }
  // Who speaks another dialect may be nobody for as long as he likes.
  if (!connection.facts.greets || core_.settings.auth_timeout == 0ms) return;
  connection.auth_deadline = core_.now.monotonic + core_.settings.auth_timeout;
  core_.timers.arm_once({connection.auth_deadline, TimerKind::authentication, id.value});
}

void Entrance::greet(ConnectionId connection) {
  if (hello_) return core_.send(connection, hello_);
  FrameWriter hello(ServerType::hello);
  hello.integer("protocol", 1).text("server", core_.settings.server);
  hello.raw("features", R"(["resume","perfect-negotiation","chat","calls","presence","waiting-room"])");
  hello.integer("authTimeoutMs", core_.settings.auth_timeout.count());
  hello.integer("pingIntervalMs", core_.settings.ping_interval.count());
  hello.integer("maxMessage", static_cast<std::int64_t>(core_.settings.max_message));
  core_.send(connection, hello_ = hello.finish());
}

// A close on purpose ends the session at once; any other loss leaves it for a while (G79b).
void Entrance::on_disconnected(Connection& connection, Ending how) {
  Session* const session = connection.session;
  if (session == nullptr) return;
  if (how == Ending::on_purpose || !session->resumable)
    return core_.end_silently(*session, protocol::LeaveReason::left);
  core_.detach(connection);
  session->window_ends = core_.now.monotonic + core_.settings.resume;
  core_.arm(*session->window_ends, TimerKind::window, session->key.value);
  core_.presence_may_change(*session);
  on_away(*session);
}

void Entrance::authenticate(Connection& connection, const std::string& id, const protocol::Auth& auth) {
  const Attempt attempt{connection.facts.connection, id, auth.resume, auth.perfect_negotiation};
  if (connection.session != nullptr) {
    const bool again = connection.may_authenticate_again && !auth.token && !auth.guest;
    if (again) return authenticate_again(connection, attempt);
    return core_.fail({attempt.connection, connection.session->key, id}, ErrorCode::conflict);
  }
  if (auth.token) return ask_token(attempt, *auth.token);
  if (auth.guest && !is_guest_of_session(attempt, *auth.guest)) return ask_guest(attempt, *auth.guest);
  if (auth.resume) return resume_without_credentials(attempt);
  refuse(attempt, failure(ErrorCode::bad_request, "token, guest or resume is needed"));
}

// The upgrade made a session that nobody has used: what is resumed takes its place (G9a).
void Entrance::authenticate_again(Connection& connection, const Attempt& attempt) {
  connection.may_authenticate_again = false;
  Session& fresh = *connection.session;
  Session* const old = attempt.resume ? resumable(*attempt.resume) : nullptr;
  if (old == nullptr || old == &fresh || old->person.id != fresh.person.id) {
    fresh.perfect_negotiation = attempt.perfect_negotiation;
    return send_auth_ok(attempt, fresh, false);
  }
  core_.set_person(*old, fresh.person);
  core_.end_silently(fresh, protocol::LeaveReason::replaced);
  resume(connection, *old, attempt);
}

void Entrance::ask_token(const Attempt& attempt, const std::string& token) {
  core_.find(attempt.connection)->holding = true;
  core_.ask(AuthenticateToken{token, core_.find(attempt.connection)->facts.address},
            [this, attempt](protocol::Outcome<Person>& who) {
              if (!who) return refuse(attempt, who.error());
              admit(attempt, std::move(*who), {});
            });
}

void Entrance::admit(const Attempt& attempt, Person person, std::string secret) {
  Connection* const connection = core_.find(attempt.connection);
  if (connection == nullptr || connection->closing) return;
  Session* const old = attempt.resume ? core_.find_session(attempt.resume->session_id) : nullptr;
  // Somebody else's session is no session that is gone (G76).
  if (old != nullptr && same_secret(old->resume_token, attempt.resume->resume_token) && old->person.id != person.id)
    return refuse(attempt, failure(ErrorCode::forbidden));
  if (Session* const found = attempt.resume ? resumable(*attempt.resume) : nullptr) {
    core_.set_person(*found, std::move(person));
    return resume(*connection, *found, attempt);
  }
  if (core_.has_too_many(person.id)) return refuse(attempt, one_too_many());
  if (attempt.resume) ++core_.counts.resume_lost;
  Session& session = core_.add_session(std::move(person), connection->facts);
  session.guest_secret = std::move(secret);
  open(*connection, session, attempt);
}

// Enough as long as the session's own token is valid (G76).
void Entrance::resume_without_credentials(const Attempt& attempt) {
  Connection& connection = *core_.find(attempt.connection);
  Session* const session = resumable(*attempt.resume);
  if (session == nullptr) {
    ++core_.counts.resume_lost;
    return core_.close(connection, farewell::kResumeLost);
  }
  if (session->token_ends && *session->token_ends <= core_.now.monotonic)
    return refuse(attempt, failure(ErrorCode::token_expired));
  resume(connection, *session, attempt);
}

void Entrance::refuse(const Attempt& attempt, const protocol::Failure& why) {
  Connection* const connection = core_.find(attempt.connection);
  if (connection == nullptr || connection->closing) return;
  core_.send(attempt.connection, error_frame(attempt.id, why));
  if (!connection->facts.greets) return core_.release(attempt.connection);
  // With the right credentials or a little later it may work: the socket goes all the same (G18).
  const bool forbidden = why.code == ErrorCode::forbidden && !attempt.resume;
  core_.close(*connection, forbidden                              ? farewell::kForbidden
                           : why.code == ErrorCode::rate_limited  ? farewell::kRateLimited
                           : why.code == ErrorCode::token_expired ? farewell::kTokenExpired
                                                                  : farewell::kUnauthenticated);
}

Session* Entrance::resumable(const protocol::ResumePoint& point) {
  Session* const session = core_.find_session(point.session_id);
  if (session == nullptr || !session->resumable || !same_secret(session->resume_token, point.resume_token))
    return nullptr;
  return session->outbox.reaches_back_to(point.s) ? session : nullptr;
}

void Entrance::open(Connection& connection, Session& session, const Attempt& attempt) {
  attach(connection, session);
  session.perfect_negotiation = attempt.perfect_negotiation;
  send_auth_ok(attempt, session, false);
  watch_token(session);
  core_.release(connection.facts.connection);
}

void Entrance::resume(Connection& connection, Session& session, const Attempt& attempt) {
  if (Connection* const old = core_.find(session.connection)) {
    core_.detach(*old);
    core_.close(*old, farewell::kReplaced);
  }
  ++core_.counts.resumed;
  attach(connection, session);
  session.perfect_negotiation |= attempt.perfect_negotiation;
  send_auth_ok(attempt, session, true);
  const ConnectionId to = connection.facts.connection;
  session.outbox.replay(attempt.resume->s, [&](const protocol::SharedFrame& frame, std::uint64_t s) {
    core_.effects.sends.push_back({to, frame, s, false});
  });
  watch_token(session);
  if (session.joining)
    connection.holding = true;
  else
    core_.release(to);
  on_back(session);
}

void Entrance::attach(Connection& connection, Session& session) {
  connection.session = &session;
  session.connection = connection.facts.connection;
  session.window_ends.reset();
  core_.presence_may_change(session);
}

void Entrance::send_auth_ok(const Attempt& attempt, const Session& session, bool resumed) {
  FrameWriter frame(ServerType::auth_ok, attempt.id);
  frame.text("sessionId", session.id).text("resumeToken", session.resume_token);
  frame.integer("resumeTtlMs", core_.settings.resume.count()).boolean("resumed", resumed);
  frame.integer("s", static_cast<std::int64_t>(session.outbox.last()));
  const Person& person = session.person;
  frame.json().key("user").begin_object();
  frame.text("id", person.id).text("name", person.name).text("username", person.username);
  frame.text("role", person.is_guest ? "guest" : person.is_admin ? "admin" : "user").boolean("guest", person.is_guest);
  frame.json().end_object();
  frame.time("expiresAt", person.expires_at);
  if (!session.guest_secret.empty()) frame.text("guestSecret", session.guest_secret);
  core_.send(attempt.connection, frame.finish());
}

void Entrance::refresh(Session& session, const Asker& asker, const protocol::AuthRefresh& refresh) {
  core_.ask(AuthenticateToken{refresh.token, session.address}, [this, asker](protocol::Outcome<Person>& who) {
    Session* const session = core_.find(asker.session);
    if (session == nullptr) return;
    if (!who) return core_.fail(asker, failure(ErrorCode::unauthenticated, who.error().message));
    if (who->id != session->person.id) return core_.fail(asker, ErrorCode::forbidden);
    core_.set_person(*session, std::move(*who));
    watch_token(*session);
    if (asker.id.empty()) return;
    FrameWriter frame(ServerType::ok, asker.id);
    core_.reply(asker, frame.time("expiresAt", session->person.expires_at).finish());
  });
}

// Its end on the monotonic clock, and the timers that go with it.
void Entrance::watch_token(Session& session) {
  session.token_ends.reset();
  session.told_of_expiry = false;
  if (!session.person.expires_at) return;
  session.token_ends = core_.now.monotonic + (*session.person.expires_at - core_.now.wall);
  on_token_timer(session.key);
}

void Entrance::on_token_timer(SessionKey who) {
  Session* const session = core_.find(who);
  if (session == nullptr || !session->token_ends) return;
  const TimePoint now = core_.now.monotonic;
  if (*session->token_ends <= now) {
    Connection* const connection = core_.find(session->connection);
    if (connection == nullptr) return;
    core_.close(*connection, farewell::kTokenExpired);
    return on_disconnected(*connection, Ending::dropped);  // resumable with a new token (G20a)
  }
  if (*session->token_ends - now > kExpiryNotice)
    return core_.arm(*session->token_ends - kExpiryNotice, TimerKind::token, who.value);
  if (!std::exchange(session->told_of_expiry, true)) {
    FrameWriter frame(ServerType::auth_expiring);
    core_.send(session->connection, frame.time("expiresAt", session->person.expires_at).finish());
  }
  core_.arm(*session->token_ends, TimerKind::token, who.value);
}

void Entrance::on_auth_timeout(ConnectionId who) {
  Connection* const connection = core_.find(who);
  if (connection == nullptr || connection->session != nullptr || connection->closing) return;
  if (connection->auth_deadline <= core_.now.monotonic) core_.close(*connection, farewell::kAuthTimeout);
}

void Entrance::on_window_end(SessionKey who) {
  Session* const session = core_.find(who);
  if (session == nullptr || !session->window_ends) return;
  if (*session->window_ends > core_.now.monotonic)
    return core_.arm(*session->window_ends, TimerKind::window, who.value);
  core_.end_silently(*session, protocol::LeaveReason::timeout);
}

}  // namespace signaling::room
