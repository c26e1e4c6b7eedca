#include "signaling/room/core.h"

#include <algorithm>

#include "signaling/protocol/name_key.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"

namespace signaling::room {
namespace {

// A guest of a meeting alone has a name that is nobody's.
bool is_known_by_name(const Person& person) { return !person.is_guest || !person.name_key.empty(); }

}  // namespace

Connection* Core::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

Session* Core::find(SessionKey key) {
  const auto found = sessions_.find(key);
  return found == sessions_.end() ? nullptr : found->second.get();
}

Session* Core::find_session(std::string_view wire_id) {
  const auto found = by_wire_id_.find(std::string(wire_id));
  return found == by_wire_id_.end() ? nullptr : found->second;
}

const std::vector<Session*>& Core::sessions_of(std::string_view person_id) const {
  static const std::vector<Session*> none;
  const auto found = by_person_.find(person_id);
  return found == by_person_.end() ? none : found->second;
}

std::size_t Core::connections_of(std::string_view person_id) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(sessions_of(person_id), [](const Session* each) { return each->connection.value != 0; }));
}

bool Core::has_too_many(std::string_view person_id) const {
  return settings.sockets_per_person > 0 && connections_of(person_id) >= settings.sockets_per_person;
}

std::string Core::find_person(std::string_view id_or_username) const {
  if (by_person_.find(id_or_username) != by_person_.end()) return std::string(id_or_username);
  const std::string holder = name_holder(id_or_username);
  return holder.empty() ? name_holder(protocol::name_key(id_or_username)) : holder;
}

std::string Core::name_holder(std::string_view name_key) const {
  const auto found = person_by_name_.find(name_key);
  return found == person_by_name_.end() ? std::string() : found->second;
}

Connection& Core::add_connection(ConnectionFacts facts) {
  auto made = std::make_unique<Connection>();
  made->facts = std::move(facts);
  auto& slot = connections_[made->facts.connection];
  slot = std::move(made);
  return *slot;
}

void Core::remove_connection(ConnectionId id) { connections_.erase(id); }

Session& Core::add_session(Person person, const ConnectionFacts& facts) {
  auto made = std::make_unique<Session>();
  Session& session = *made;
  session.key = SessionKey{++last_session_};
  session.id = random_id(12);
  session.resume_token = random_id(18);
  session.person = std::move(person);
  session.address = facts.address;
  session.fixed_peer_id = facts.peer_id;
  session.resumable = facts.resumable;
  by_wire_id_[session.id] = &session;
  by_person_[session.person.id].push_back(&session);
  take_name(session);
  sessions_[session.key] = std::move(made);
  return session;
}

void Core::set_person(Session& session, Person person) {
  const bool same_name = person.username == session.person.username && person.name_key == session.person.name_key;
  if (!same_name) give_up_name(session);
  const bool is_demoted = session.person.is_admin && !person.is_admin;
  session.person = std::move(person);
  if (!same_name) take_name(session);
  if (is_demoted) on_demoted(session);
}

bool Core::shares(std::string Person::*what, const Session& session) const {
  return std::ranges::any_of(sessions_of(session.person.id), [&session, what](const Session* each) {
    return each != &session && each->person.*what == session.person.*what;
  });
}

void Core::take_name(const Session& session) {
  const Person& person = session.person;
  if (!person.name_key.empty()) person_by_name_[person.name_key] = person.id;
  if (is_known_by_name(person) && !shares(&Person::username, session)) effects.presences.push_back({person, true});
}

// A name that is shown in one session may be held by another alone.
void Core::give_up_name(const Session& session) {
  const Person& person = session.person;
  const auto name = person_by_name_.find(person.name_key);
  const bool is_his = name != person_by_name_.end() && name->second == person.id;
  if (is_his && !shares(&Person::name_key, session)) person_by_name_.erase(name);
  if (is_known_by_name(person) && !shares(&Person::username, session)) effects.presences.push_back({person, false});
}

void Core::remove_session(Session& session) {
  presence_may_change(session);
  by_wire_id_.erase(session.id);
  give_up_name(session);
  auto& siblings = by_person_[session.person.id];
  std::erase(siblings, &session);
  if (siblings.empty()) by_person_.erase(session.person.id);
  sessions_.erase(session.key);
}

void Core::end(Session& session, const Farewell& why, protocol::LeaveReason reason) {
  if (Connection* connection = find(session.connection)) {
    connection->session = nullptr;
    close(*connection, why);
  }
  end_silently(session, reason);
}

void Core::end_silently(Session& session, protocol::LeaveReason reason) {
  if (Connection* connection = find(session.connection)) connection->session = nullptr;
  session.connection = {};
  on_session_end(session, reason);
  remove_session(session);
}

void Core::close(Connection& connection, const Farewell& why) {
  if (connection.closing) return;
  connection.closing = true;
  const ConnectionId id = connection.facts.connection;
  if (connection.facts.greets) {
    protocol::FrameWriter bye(protocol::ServerType::bye);
    bye.integer("code", why.code).text("reason", why.reason);
    bye.boolean("reconnect", why.code < 4400 || why.code >= 4500);
    send(id, bye.finish());
  }
  effects.closes.push_back({id, why.code, why.reason});
}

void Core::detach(Connection& connection) {
  if (connection.session == nullptr) return;
  connection.session->connection = {};
  connection.session = nullptr;
}

void Core::push(Session& to, const protocol::SharedFrame& frame) {
  const std::uint64_t s = to.outbox.push(frame, {settings.ring_messages, settings.ring_bytes});
  if (to.connection.value == 0) return;
  ++counts.messages_out;
  effects.sends.push_back({to.connection, frame, s, false});
}

void Core::push_volatile(Session& to, const protocol::SharedFrame& frame) {
  if (to.connection.value == 0) return;
  ++counts.messages_out;
  effects.sends.push_back({to.connection, frame, 0, true});
}

void Core::send(ConnectionId to, const protocol::SharedFrame& frame) {
  if (to.value == 0) return;
  ++counts.messages_out;
  effects.sends.push_back({to, frame, 0, false});
}

void Core::reply(const Asker& asker, protocol::SharedFrame frame) {
  Session* const session = find(asker.session);
  if (session != nullptr && !asker.id.empty()) session->replies.keep(asker.id, frame);
  send(session != nullptr ? session->connection : asker.connection, frame);
}

void Core::reply_unkept(const Asker& asker, protocol::SharedFrame frame) {
  if (Session* const session = find(asker.session)) session->replies.forget(asker.id);
  reply(asker, std::move(frame));
}

void Core::fail(const Asker& asker, const protocol::Failure& failure) {
  Session* const session = find(asker.session);
  // A refusal for the rate is never what a repetition gets (G79c).
  if (session != nullptr && failure.code == protocol::ErrorCode::rate_limited) session->replies.forget(asker.id);
  reply(asker, error_frame(asker.id, failure));
}

void Core::ok(const Asker& asker) {
  if (!asker.id.empty()) reply(asker, protocol::FrameWriter(protocol::ServerType::ok, asker.id).finish());
}

void Core::note(std::string_view event, const Session& about, boost::json::object data) {
  effects.notes.push_back({event, about.person.username, std::move(data)});
}

void Core::answer(Ticket ticket, Answer& answer) {
  const auto found = pending_.find(ticket.value);
  if (found == pending_.end()) return;
  const auto then = std::move(found->second);
  pending_.erase(found);
  then(answer);
}

void Core::hold(Session& session) {
  if (Connection* connection = find(session.connection)) connection->holding = true;
}

void Core::release(Session& session) { release(session.connection); }

void Core::release(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr || !connection->holding) return;
  connection->holding = false;
  if (connection->held) released.push_back(id);
}

std::string Core::random_id(std::size_t bytes) {
  turnd::base::Bytes drawn(bytes);
  random(drawn);
  return turnd::base::to_hex(drawn);
}

void Core::presence_may_change(const Session& session) {
  if (!watches_presence) return;
  if (presence_changed.empty()) arm(now.monotonic + std::chrono::milliseconds(100), TimerKind::presence, 0);
  presence_changed.insert(session.person.id);
}

}  // namespace signaling::room
