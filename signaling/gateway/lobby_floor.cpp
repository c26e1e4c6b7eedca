#include "signaling/gateway/lobby_floor.h"

#include <algorithm>
#include <utility>

#include "signaling/service/rate_limits.h"

namespace signaling::gateway {

namespace {

bool same_but_for_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace

Visitor& LobbyFloor::add(const socketio::Arrival& arrival) {
  Visitor& visitor = visitors_[arrival.socket];
  visitor.socket = arrival.socket;
  visitor.sid = arrival.sid;
  by_sid_.emplace(arrival.sid, arrival.socket);
  visitor.address = service::address_key(arrival.handshake.client);
  return visitor;
}

std::optional<Visitor> LobbyFloor::take(socketio::SocketKey socket) {
  const auto found = visitors_.find(socket);
  if (found == visitors_.end()) return std::nullopt;
  disconnect_from_hub(found->second);
  by_sid_.erase(found->second.sid);
  std::optional<Visitor> taken(std::move(found->second));
  visitors_.erase(found);
  return taken;
}

Visitor* LobbyFloor::find(socketio::SocketKey socket) {
  const auto found = visitors_.find(socket);
  return found == visitors_.end() ? nullptr : &found->second;
}

Visitor* LobbyFloor::find(room::ConnectionId connection) {
  const auto found = by_connection_.find(connection);
  return found == by_connection_.end() ? nullptr : find(found->second);
}

Visitor* LobbyFloor::find_sid(const std::string& sid) {
  const auto found = by_sid_.find(sid);
  return found == by_sid_.end() ? nullptr : find(found->second);
}

Visitor* LobbyFloor::holder(std::string_view name) {
  const auto found = std::ranges::find_if(
      visitors_, [name](const auto& each) { return same_but_for_case(each.second.held_name(), name); });
  return found == visitors_.end() ? nullptr : &found->second;
}

bool LobbyFloor::is_in_call(std::string_view person_id) const {
  return std::ranges::any_of(visitors_, [this, person_id](const auto& each) {
    const Visitor& visitor = each.second;
    return visitor.account && visitor.account->id == person_id && is_in_call(visitor);
  });
}

std::size_t LobbyFloor::calls() const {
  const auto parties = std::ranges::count_if(visitors_, [this](const auto& each) { return is_in_call(each.second); });
  return static_cast<std::size_t>(parties) / 2;
}

bool LobbyFloor::is_in_call(const Visitor& visitor) const {
  const auto partner = visitor.partner ? visitors_.find(*visitor.partner) : visitors_.end();
  return partner != visitors_.end() && partner->second.partner == visitor.socket;
}

void LobbyFloor::connect(Visitor& visitor, HubClient& client, std::optional<room::Person> person) {
  visitor.connection = door.connect(client, {visitor.address, std::move(person), {}});
  by_connection_.emplace(visitor.connection, visitor.socket);
}

void LobbyFloor::disconnect_from_hub(Visitor& visitor) {
  if (visitor.connection.value == 0) return;
  door.disconnect(visitor.connection);
  by_connection_.erase(visitor.connection);
  visitor.connection = {};
}

void LobbyFloor::ask(Visitor& visitor, std::string request, Then then) {
  auto told = [this, socket = visitor.socket, then = std::move(then)](const Heard& reply) {
    if (Visitor* still = find(socket)) then(*still, reply);
  };
  const std::string frame = visitor.calls.add(std::move(request), std::move(told));
  door.say(visitor.connection, frame);
}

void LobbyFloor::emit(const Visitor& to, std::string_view event, std::string_view argument) {
  sockets.send(to.socket, socketio::make_event(kNamespace, event, argument));
}

void LobbyFloor::acknowledge(const Visitor& to, const std::optional<std::uint64_t>& ack_id, std::string_view result) {
  if (ack_id) sockets.acknowledge(to.socket, *ack_id, result);
}

void LobbyFloor::refuse(const Visitor& to, const std::optional<std::uint64_t>& ack_id, const Refused& why) {
  emit(to, "error", error_event(why));
  acknowledge(to, ack_id, error_ack(why));
}

void LobbyFloor::to_lobby(const socketio::Packet& packet) {
  for (const auto& [socket, visitor] : visitors_)
    if (visitor.is_in_lobby()) sockets.send(socket, packet);
}

}  // namespace signaling::gateway
