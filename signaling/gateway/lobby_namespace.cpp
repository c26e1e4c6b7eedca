#include "signaling/gateway/lobby_namespace.h"

#include <utility>

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::ServerType;
using socketio::Event;
using socketio::SocketKey;

constexpr std::size_t kMostHeldEvents = 32;

}  // namespace

// With a token that is not good one is a guest, as without (G96).
void LobbyNamespace::on_connect(const socketio::Arrival& arrival) {
  Visitor& visitor = floor_.add(arrival);
  const std::string token = token_of(arrival);
  visitor.is_known = token.empty();
  if (token.empty()) return;
  floor_.door.authenticate(token, [this, socket = arrival.socket](protocol::Outcome<room::Person> who) {
    become_known(socket, who && !who->is_guest ? std::optional(std::move(*who)) : std::nullopt);
  });
}

void LobbyNamespace::become_known(SocketKey socket, std::optional<room::Person> account) {
  Visitor* visitor = floor_.find(socket);
  if (!visitor) return;
  visitor->account = std::move(account);
  visitor->is_known = true;
  // The hub closes it when the token is revoked or expires (G107).
  if (visitor->account) floor_.connect(*visitor, *this, visitor->account);
  run_held(socket);
}

void LobbyNamespace::on_event(SocketKey socket, Event event) {
  Visitor* visitor = floor_.find(socket);
  if (!visitor) return;
  if (!visitor->is_busy()) return handle(*visitor, event);
  if (visitor->held.size() >= kMostHeldEvents) return floor_.sockets.drop(socket);
  visitor->held.push_back(std::move(event));
}

// What came while something was open, until something is open again.
void LobbyNamespace::run_held(SocketKey socket) {
  Visitor* visitor = floor_.find(socket);
  while (visitor && !visitor->is_busy() && !visitor->held.empty()) {
    const Event event = std::move(visitor->held.front());
    visitor->held.erase(visitor->held.begin());
    handle(*visitor, event);
    visitor = floor_.find(socket);
  }
}

void LobbyNamespace::handle(Visitor& visitor, const Event& event) {
  if (event.name == "join") return join(visitor, event);
  if (LobbyChat::is_chat(event.name)) return chat_.on_event(visitor, event);
  if (LobbyCalls::is_signal(event.name)) return calls_.on_signal(visitor, event);
  if (ConversationEvents::is_conversation(event.name)) return conversations_.on_event(visitor, event);
  floor_.acknowledge(visitor, event.ack_id, error_ack(refused(ErrorCode::unknown_type)));
}

void LobbyNamespace::on_disconnect(SocketKey socket, socketio::EndReason) {
  std::optional<Visitor> gone = floor_.take(socket);
  if (!gone) return;
  calls_.hang_up(*gone);
  if (gone->is_in_lobby()) people_.leave(*gone);
  for (const Challenge& challenge : take_challenges(socket))
    if (Visitor* newcomer = floor_.find(challenge.newcomer)) join_under(*newcomer, challenge.join);
}

// He is there, but may have failed to join meanwhile.
void LobbyNamespace::on_alive(SocketKey socket) {
  for (const Challenge& challenge : take_challenges(socket)) {
    Visitor* const newcomer = floor_.find(challenge.newcomer);
    if (!newcomer) continue;
    const Visitor* const holder = floor_.find(socket);
    if (!holder || holder->held_name().empty())
      join_under(*newcomer, challenge.join);
    else
      refuse_join(*newcomer, challenge.join.ack_id, refused(ErrorCode::username_taken));
  }
}

const Heard& LobbyNamespace::parsed(const protocol::SharedFrame& frame) {
  if (last_frame_ != frame) {
    last_heard_ = Heard(*frame);
    last_frame_ = frame;
  }
  return last_heard_;
}

void LobbyNamespace::on_frame(room::ConnectionId connection, const protocol::SharedFrame& frame) {
  Visitor* visitor = floor_.find(connection);
  if (!visitor) return;
  const Heard& heard = parsed(frame);
  if (visitor->calls.take(heard)) return;
  const bool is_of_lobby = heard.json("conversationId") == R"("general")";
  if (heard.type == ServerType::error)
    floor_.emit(*visitor, "error", error_event(refused(heard)));
  else if (is_of_lobby)
    chat_.on_frame(*visitor, frame, heard);
  else
    conversations_.on_frame(*visitor, heard);
}

void LobbyNamespace::on_closed(room::ConnectionId connection, std::uint16_t, std::string_view) {
  if (const Visitor* visitor = floor_.find(connection)) floor_.sockets.disconnect(visitor->socket);
}

}  // namespace signaling::gateway
