#include "signaling/room/hub.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "signaling/protocol/name_key.h"
#include "signaling/room/dispatch.h"

namespace signaling::room {

using protocol::ErrorCode;

class Hub::Impl {
 public:
  Impl(HubSettings settings, turnd::base::RandomSource random) : parts_(std::move(settings), std::move(random)) {
    parts_.core.on_session_end = [this](Session& session, protocol::LeaveReason reason) {
      parts_.calls.on_session_end(session, reason);
      parts_.attendance.on_session_end(session, reason);
      parts_.chat.on_session_end(session);
      parts_.topics.on_session_end(session);
    };
    parts_.core.on_demoted = [this](Session& session) { parts_.topics.on_demoted(session); };
    parts_.rooms.on_departed = [this](const std::string& person_id, const std::string& conversation_id) {
      parts_.chat.on_departed(person_id, conversation_id);
    };
    parts_.entrance.on_away = [this](Session& session) { parts_.rooms.on_away(session); };
    parts_.entrance.on_back = [this](Session& session) { parts_.rooms.on_back(session); };
  }

  [[nodiscard]] Core& core() { return parts_.core; }
  [[nodiscard]] Parts& parts() { return parts_; }

  void hear(ConnectionId from, std::string_view text);
  void handle(Connection& connection, const protocol::ClientRequest& request);
  [[nodiscard]] bool affords(Connection& connection, protocol::RateClass rate, const std::string* id);
  void go_on();
  void fire(const Timer& timer);
  void drain_one(ConnectionId who);
  [[nodiscard]] HubCounts counts() const;

 private:
  void keep(Connection& connection, std::string_view text);
  void handle_stranger(Connection& connection, const protocol::ClientRequest& request);

  Parts parts_;
};

// While an answer is awaited on which everything later depends, frames wait too.
void Hub::Impl::hear(ConnectionId from, std::string_view text) {
  Connection* const connection = core().find(from);
  if (connection == nullptr || connection->closing) return;
  if (connection->holding || (connection->held && !connection->held->frames.empty())) return keep(*connection, text);
  handle(*connection, protocol::parse_client_request(text));
}

void Hub::Impl::keep(Connection& connection, std::string_view text) {
  if (!connection.held) connection.held = std::make_unique<Held>();
  Held& held = *connection.held;
  if (held.frames.size() >= Held::kMostFrames || held.bytes + text.size() > Held::kMostBytes) {
    const auto request = protocol::parse_client_request(text);
    const protocol::Failure why = protocol::rate_limited(std::chrono::milliseconds(1000));
    return core().send(connection.facts.connection, error_frame(request.id, why));
  }
  held.bytes += text.size();
  held.frames.emplace_back(text);
}

// What waited is handled in its order, until something of it has to wait again.
void Hub::Impl::go_on() {
  while (!core().released.empty()) {
    const ConnectionId id = core().released.back();
    core().released.pop_back();
    for (;;) {
      Connection* const connection = core().find(id);
      if (connection == nullptr || connection->closing || connection->holding || !connection->held) break;
      if (connection->held->frames.empty()) {
        connection->held.reset();
        break;
      }
      const std::string text = std::move(connection->held->frames.front());
      connection->held->frames.pop_front();
      connection->held->bytes -= text.size();
      handle(*connection, protocol::parse_client_request(text));
    }
  }
}

// G80, G81. `id`: of a request; nullptr for a ping, which is never answered.
bool Hub::Impl::affords(Connection& connection, protocol::RateClass rate, const std::string* id) {
  RateGuard& guard = connection.session != nullptr ? connection.session->rate : connection.rate;
  const RateGuard::Verdict verdict = guard.take(rate, core().settings.rates, core().now.monotonic);
  if (verdict.allowed) return true;
  ++core().counts.refused_for_rate;
  const ConnectionId who = connection.facts.connection;
  if (verdict.enough) {
    core().close(connection, farewell::kRateLimited);
    parts_.entrance.on_disconnected(connection, Ending::dropped);
  } else if (id != nullptr && (!id->empty() || verdict.answer)) {
    core().send(who, error_frame(*id, protocol::rate_limited(verdict.retry_after)));
  }
  return false;
}

void Hub::Impl::handle(Connection& connection, const protocol::ClientRequest& request) {
  ++core().counts.messages_in[request.type];
  if (!affords(connection, request.rate, &request.id)) return;
  if (connection.session == nullptr) return handle_stranger(connection, request);
  Session& session = *connection.session;
  const Asker asker{connection.facts.connection, session.key, request.id};
  if (!request.id.empty()) {
    const Replies::Known known = session.replies.begin(request.id);
    if (known.reply) core().send(asker.connection, known.reply);
    if (known.seen) return;
  }
  const bool is_auth = request.message && std::holds_alternative<protocol::Auth>(*request.message);
  if (!is_auth) connection.may_authenticate_again = false;
  if (!request.message) return core().fail(asker, request.message.error());
  dispatch(parts_, session, asker, *request.message);
}

// Before authentication there is only auth and ping (G12).
void Hub::Impl::handle_stranger(Connection& connection, const protocol::ClientRequest& request) {
  const ConnectionId who = connection.facts.connection;
  if (!request.message && request.message.error().code != ErrorCode::unknown_type)
    return core().send(who, error_frame(request.id, request.message.error()));
  if (request.message) {
    if (const auto* auth = std::get_if<protocol::Auth>(&*request.message))
      return parts_.entrance.authenticate(connection, request.id, *auth);
    if (const auto* ping = std::get_if<protocol::Ping>(&*request.message)) {
      protocol::FrameWriter pong(protocol::ServerType::pong, request.id);
      if (!ping->t.empty()) pong.raw("t", ping->t);
      return core().send(who, pong.finish());
    }
  }
  core().send(who, error_frame(request.id, protocol::failure(ErrorCode::unauthenticated)));
}

void Hub::Impl::fire(const Timer& timer) {
  switch (timer.kind) {
    case TimerKind::authentication:
      return parts_.entrance.on_auth_timeout(ConnectionId{timer.subject});
    case TimerKind::token:
      return parts_.entrance.on_token_timer(SessionKey{timer.subject});
    case TimerKind::window:
      return parts_.entrance.on_window_end(SessionKey{timer.subject});
    case TimerKind::ice:
      return parts_.ice.on_timer(SessionKey{timer.subject});
    case TimerKind::ringing:
      return parts_.calls.on_ringing_timer(timer.subject);
    case TimerKind::presence:
      return parts_.topics.on_presence_timer();
    case TimerKind::statistics:
      return parts_.topics.on_statistics_timer(counts());
    case TimerKind::drain:
      return drain_one(ConnectionId{timer.subject});
  }
}

void Hub::Impl::drain_one(ConnectionId who) {
  if (Connection* const connection = core().find(who)) core().close(*connection, farewell::kGoingAway);
}

HubCounts Hub::Impl::counts() const {
  HubCounts now = parts_.core.counts;
  now.connections = parts_.core.connection_count();
  now.sessions = parts_.core.session_count();
  now.rooms = parts_.rooms.all().size();
  now.calls = parts_.calls.count();
  for (const auto& [id, room] : parts_.rooms.all()) {
    now.members += room->members.size();
    now.waiting += room->waiting.size();
  }
  return now;
}

Hub::Hub(HubSettings settings, turnd::base::RandomSource random)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(random))) {}
Hub::~Hub() = default;

void Hub::on_connected(Opening opening, Now now) {
  impl_->core().now = now;
  impl_->parts().entrance.on_connected(std::move(opening));
}

void Hub::on_text(ConnectionId from, std::string_view text, Now now) {
  impl_->core().now = now;
  impl_->hear(from, text);
  impl_->go_on();
}

void Hub::on_request(ConnectionId from, const protocol::ClientRequest& request, Now now) {
  impl_->core().now = now;
  Connection* const connection = impl_->core().find(from);
  if (connection != nullptr && !connection->closing) impl_->handle(*connection, request);
  impl_->go_on();
}

void Hub::on_ping(ConnectionId from, Now now) {
  impl_->core().now = now;
  Connection* const connection = impl_->core().find(from);
  if (connection != nullptr && !connection->closing)
    (void)impl_->affords(*connection, protocol::RateClass::total, nullptr);
}

void Hub::on_disconnected(ConnectionId who, Ending how, Now now) {
  impl_->core().now = now;
  Connection* const connection = impl_->core().find(who);
  if (connection == nullptr) return;
  impl_->parts().entrance.on_disconnected(*connection, how);
  impl_->core().remove_connection(who);
}

bool Hub::take_name(ConnectionId by, const std::string& name, Now now) {
  Core& core = impl_->core();
  core.now = now;
  const Connection* const connection = core.find(by);
  if (connection == nullptr || connection->session == nullptr) return false;
  Session& session = *connection->session;
  Person renamed = session.person;
  renamed.username = name;
  renamed.name_key = protocol::name_key(name);
  const std::string holder = core.name_holder(renamed.name_key);
  if (!holder.empty() && holder != session.person.id) return false;
  core.set_person(session, std::move(renamed));
  core.presence_may_change(session);
  return true;
}

void Hub::on_answer(Ticket ticket, Answer answer, Now now) {
  impl_->core().now = now;
  impl_->core().answer(ticket, answer);
  impl_->go_on();
}

void Hub::on_notice(const Notice& notice, Now now) {
  impl_->core().now = now;
  dispatch(impl_->parts(), notice);
}

void Hub::on_time(Now now) {
  impl_->core().now = now;
  while (const auto timer = impl_->core().timers.pop(now.monotonic)) impl_->fire(*timer);
}

void Hub::drain(std::chrono::milliseconds over, Now now) {
  Core& core = impl_->core();
  core.now = now;
  std::vector<ConnectionId> all;
  core.each_connection([&](const Connection& connection) {
    if (!connection.closing) all.push_back(connection.facts.connection);
  });
  protocol::FrameWriter writer(protocol::ServerType::going_away);
  writer.integer("reconnectAfterMs", 1000).integer("jitterMs", std::max<std::int64_t>(over.count(), 1000));
  const protocol::SharedFrame frame = writer.finish();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (core.find(all[i])->facts.greets) core.send(all[i], frame);
    const auto share = over * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(all.size());
    core.arm(now.monotonic + share, TimerKind::drain, all[i].value);
  }
}

void Hub::set_settings(HubSettings settings) {
  impl_->core().settings = std::move(settings);
  impl_->parts().entrance.on_settings();
}
bool Hub::guests_allowed() const { return impl_->core().settings.guests; }
std::optional<TimePoint> Hub::next_deadline() const { return impl_->core().timers.next(); }
Effects& Hub::effects() { return impl_->core().effects; }
HubCounts Hub::counts() const { return impl_->counts(); }
bool Hub::has_listeners(protocol::Topic topic) const { return impl_->parts().topics.has_listeners(topic); }
std::string Hub::name_holder(std::string_view name_key) const { return impl_->core().name_holder(name_key); }
const LobbyTail& Hub::lobby_tail() const { return impl_->parts().chat.lobby_tail(); }
std::size_t Hub::connections_of(std::string_view person_id) const { return impl_->core().connections_of(person_id); }
bool Hub::is_in_room(std::string_view person_id) const {
  return std::ranges::any_of(impl_->core().sessions_of(person_id), [this](const Session* each) {
    return each->member != nullptr || impl_->parts().calls.is_talking(*each);
  });
}

}  // namespace signaling::room
