// The world of a Socket.IO adapter: a hub that is played by the test, and clients whose packets are kept as texts.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/object.hpp>

#include "signaling/gateway/hub_door.h"
#include "signaling/socketio/namespace.h"

namespace signaling::gateway {

namespace json = boost::json;
using namespace std::chrono_literals;
using socketio::SocketKey;
using Texts = std::vector<std::string>;

// Keeps what is said to the hub.
class PlayedHub : public HubDoor {
 public:
  room::ConnectionId connect(HubClient&, Entry entry) override {
    entries.push_back(std::move(entry));
    return room::ConnectionId{entries.size()};
  }
  void say(room::ConnectionId from, std::string_view frame) override {
    said.push_back(std::to_string(from.value) + " " + std::string(frame));
  }
  void disconnect(room::ConnectionId connection) override {
    said.push_back(std::to_string(connection.value) + " gone");
  }
  void authenticate(std::string token, Authenticated done) override {
    tokens.emplace_back(std::move(token), std::move(done));
  }
  bool guests_allowed() const override { return guests; }
  bool is_name_taken(std::string_view name) const override { return !free_names.contains(name); }
  void find_username(std::string name, Found done) override {
    usernames.emplace_back(std::move(name), std::move(done));
  }
  bool take_name(room::ConnectionId connection, const std::string& name) override {
    named.push_back(std::to_string(connection.value) + " " + name);
    return !held_names.contains(name);
  }
  const room::LobbyTail& lobby_tail() const override { return tail; }
  void announce(std::string text) override { announced.push_back(std::move(text)); }
  void note(std::string_view event, std::string username) override {
    notes.push_back(std::string(event) + " " + username);
  }
  void after(std::chrono::milliseconds delay, std::function<void()> work) override {
    timers.emplace(time + delay, std::move(work));
  }
  turnd::base::TimePoint now() const override { return time; }

  void advance(std::chrono::milliseconds by) {
    time += by;
    while (!timers.empty() && timers.begin()->first <= time) {
      const auto work = std::move(timers.begin()->second);
      timers.erase(timers.begin());
      work();
    }
  }

  std::vector<Entry> entries;
  Texts said, announced, named, notes;
  std::set<std::string, std::less<>> held_names;         // by somebody else, for accounts
  std::vector<std::pair<std::string, Found>> usernames;  // that were asked for
  std::set<std::string, std::less<>> free_names;         // the others are taken
  std::vector<std::pair<std::string, Authenticated>> tokens;
  bool guests = true;
  room::LobbyTail tail;
  turnd::base::TimePoint time = turnd::base::TimePoint{} + 1h;
  std::multimap<turnd::base::TimePoint, std::function<void()>> timers;
};

// Keeps what is sent to clients: "1 42["event",…]".
class KeptSockets : public socketio::Sockets {
 public:
  void send(SocketKey to, const socketio::Packet& packet) override { keep(to, *packet.text); }
  void acknowledge(SocketKey to, std::uint64_t ack_id, std::string_view results,
                   std::vector<net::SharedText>) override {
    keep(to, "ack " + std::to_string(ack_id) + " [" + std::string(results) + "]");
  }
  void disconnect(SocketKey socket) override { keep(socket, "disconnect"); }
  void drop(SocketKey socket) override { keep(socket, "drop"); }
  void check_alive(SocketKey socket, std::chrono::milliseconds within) override {
    keep(socket, "alive within " + std::to_string(within.count()));
  }

  Texts sent;

 private:
  void keep(SocketKey socket, const std::string& text) { sent.push_back(std::to_string(socket.value) + " " + text); }
};

inline std::string_view without_brackets(std::string_view array) { return array.substr(1, array.size() - 2); }

class DialectWorld : public testing::Test {
 protected:
  Texts said() { return std::exchange(hub.said, {}); }
  Texts sent() { return std::exchange(sockets.sent, {}); }

  void arrive(socketio::Namespace& to, std::uint64_t socket, json::object auth = {}) {
    to.on_connect({SocketKey{socket}, "sid" + std::to_string(socket), std::move(auth), handshake});
  }
  // An event as a client sends it: name and arguments; ack 0: it asks for none.
  static void emit(socketio::Namespace& to, std::uint64_t socket, std::string name, std::string_view arguments,
                   std::uint64_t ack = 0) {
    socketio::Event event{std::move(name), std::string(without_brackets(arguments)), {}, {}};
    if (ack != 0) event.ack_id = ack;
    to.on_event(SocketKey{socket}, std::move(event));
  }
  // A frame of the hub: type and members without braces.
  static void hear(HubClient& client, std::uint64_t connection, protocol::ServerType type, std::string_view members) {
    client.on_frame(room::ConnectionId{connection}, frame(type, members));
  }
  static protocol::SharedFrame frame(protocol::ServerType type, std::string_view members) {
    std::string body = R"({"type":")" + std::string(to_string(type)) + "\"";
    if (!members.empty()) body += "," + std::string(members);
    return std::make_shared<const protocol::ServerFrame>(protocol::ServerFrame{type, body});
  }
  static room::Person account(std::int64_t id, std::string username) {
    room::Person person;
    person.id = std::to_string(id);
    person.user_id = id;
    person.name = person.name_key = username;
    person.username = std::move(username);
    return person;
  }
  static room::Person without_username(std::int64_t id, std::string name) {
    room::Person person = account(id, std::move(name));
    person.name_key.clear();
    return person;
  }

  PlayedHub hub;
  KeptSockets sockets;
  socketio::Handshake handshake{*turnd::base::IpAddress::parse("192.0.2.1"), ""};
};

}  // namespace signaling::gateway
