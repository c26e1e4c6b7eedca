// Core: what all parts of the hub share: who is connected, what goes out, what is asked, and when it is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "signaling/room/effects.h"
#include "signaling/room/hub.h"
#include "signaling/room/session.h"
#include "signaling/room/timers.h"

namespace signaling::room {

// Who has to be answered, even when he comes back on another socket meanwhile.
struct Asker {
  ConnectionId connection;
  SessionKey session;
  std::string id;  // of the request; empty: none
};

// Why a socket is closed by us: the code, and the `reason` of bye (G14).
struct Farewell {
  std::uint16_t code;
  std::string_view reason;
};
namespace farewell {
inline constexpr Farewell kUnauthenticated{4401, "unauthenticated"}, kTokenExpired{4401, "token_expired"},
    kRevoked{4401, "revoked"}, kForbidden{4403, "forbidden"}, kMeetingDeleted{4404, "meeting_deleted"},
    kAuthTimeout{4408, "auth_timeout"}, kReplaced{4409, "replaced"}, kMeetingEnded{4410, "meeting_ended"},
    kKicked{4423, "kicked"}, kRateLimited{4429, "rate_limited"}, kResumeLost{4504, "resume_lost"},
    kGoingAway{1001, "going_away"};
}  // namespace farewell

class Core {
 public:
  Core(HubSettings with, turnd::base::RandomSource source) : settings(std::move(with)), random(std::move(source)) {}

  HubSettings settings;
  turnd::base::RandomSource random;
  Now now{};  // of the input that is being handled
  Effects effects;
  Timers timers;
  HubCounts counts;

  // --- who is here. Pointers last until the connection or session is removed.
  [[nodiscard]] Connection* find(ConnectionId id);
  [[nodiscard]] Session* find(SessionKey key);
  [[nodiscard]] Session* find_session(std::string_view wire_id);
  [[nodiscard]] const std::vector<Session*>& sessions_of(std::string_view person_id) const;
  // By id, or by username without regard to case.
  [[nodiscard]] std::string find_person(std::string_view id_or_username) const;
  [[nodiscard]] std::string name_holder(std::string_view name_key) const;
  // Sockets of this person, and whether he may have no more.
  [[nodiscard]] std::size_t connections_of(std::string_view person_id) const;
  [[nodiscard]] bool has_too_many(std::string_view person_id) const;
  [[nodiscard]] std::size_t connection_count() const { return connections_.size(); }
  [[nodiscard]] std::size_t session_count() const { return sessions_.size(); }
  Connection& add_connection(ConnectionFacts facts);
  void remove_connection(ConnectionId id);
  Session& add_session(Person person, const ConnectionFacts& facts);
  // The same person, as his newest token describes him.
  void set_person(Session& session, Person person);
  template <class Visit>
  void each_session(Visit visit) {
    for (auto& [key, session] : sessions_) visit(*session);
  }
  template <class Visit>
  void each_connection(Visit visit) {
    for (auto& [id, connection] : connections_) visit(*connection);
  }

  // A session that ends: bye and close on its socket, then it leaves everything and is gone.
  void end(Session& session, const Farewell& why, protocol::LeaveReason reason);
  // The same without a word: the client went by itself, or its time is over.
  void end_silently(Session& session, protocol::LeaveReason reason);
  // Says bye and closes; what the connection sends from now on is ignored.
  void close(Connection& connection, const Farewell& why);
  // A connection and its session part; the session is away from now on.
  void detach(Connection& connection);

  // --- what is said
  // Part of the session's stream: numbered, and repeated after a resume.
  void push(Session& to, const protocol::SharedFrame& frame);
  void push_volatile(Session& to, const protocol::SharedFrame& frame);
  // Outside the stream.
  void send(ConnectionId to, const protocol::SharedFrame& frame);
  void reply(const Asker& asker, protocol::SharedFrame frame);
  // To what only reads, and may be much: a repetition reads again.
  void reply_unkept(const Asker& asker, protocol::SharedFrame frame);
  void fail(const Asker& asker, const protocol::Failure& failure);
  void fail(const Asker& asker, protocol::ErrorCode code) { fail(asker, protocol::failure(code)); }
  // `ok`, if the request had an id.
  void ok(const Asker& asker);
  void note(std::string_view event, const Session& about, boost::json::object data = {});

  // --- what is asked: then(Outcome<Q::Answer>&) is called when the answer comes.
  template <class Q, class Then>
  void ask(Q question, Then then) {
    const Ticket ticket{++last_ticket_};
    effects.questions.push_back({ticket, std::move(question)});
    pending_.emplace(ticket.value, [then = std::move(then)](Answer& answer) mutable {
      using Expected = protocol::Outcome<typename Q::Answer>;
      if (auto* expected = std::get_if<Expected>(&answer)) return then(*expected);
      Expected wrong(protocol::failure(protocol::ErrorCode::internal));
      then(wrong);
    });
  }
  template <class Q>
  void tell(Q question) {
    effects.questions.push_back({Ticket{0}, std::move(question)});
  }
  void answer(Ticket ticket, Answer& answer);

  // --- frames that wait for an answer
  void hold(Session& session);
  void release(Session& session);
  void release(ConnectionId connection);
  // Connections whose held frames can go on.
  std::vector<ConnectionId> released;

  [[nodiscard]] std::string random_id(std::size_t bytes);
  void arm(TimePoint when, TimerKind kind, std::uint64_t subject) { timers.arm({when, kind, subject}); }

  // Set by the hub: the session leaves rooms, calls and topics.
  std::function<void(Session&, protocol::LeaveReason)> on_session_end;
  // Set by the hub: he is no administrator any more.
  std::function<void(Session&)> on_demoted;
  // People whose presence may have changed, while somebody listens.
  bool watches_presence = false;
  std::set<std::string> presence_changed;
  void presence_may_change(const Session& session);

 private:
  void remove_session(Session& session);
  // Another session of the same person has the same one.
  [[nodiscard]] bool shares(std::string Person::*what, const Session& session) const;
  void take_name(const Session& session);
  void give_up_name(const Session& session);

  std::unordered_map<ConnectionId, std::unique_ptr<Connection>> connections_;
  std::unordered_map<SessionKey, std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::string, Session*> by_wire_id_;
  std::map<std::string, std::vector<Session*>, std::less<>> by_person_;
  std::map<std::string, std::string, std::less<>> person_by_name_;  // name_key to Person::id
  std::unordered_map<std::uint64_t, std::function<void(Answer&)>> pending_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t last_session_ = 0;
};

}  // namespace signaling::room
