// Namespace: an application behind Socket.IO, and Sockets: what it may do to its clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "signaling/net/shared_text.h"
#include "signaling/socketio/engine_effect.h"
#include "signaling/socketio/handshake.h"
#include "turnd/base/strong.h"

namespace signaling::socketio {

// One client in one namespace. Never used again.
using SocketKey = turnd::base::Strong<struct SocketioSocketTag, std::uint64_t>;

struct Arrival {
  SocketKey socket;
  std::string sid;  // what the client knows itself by
  boost::json::object auth;
  const Handshake& handshake;  // valid during the call
};

struct Event {
  std::string name;
  std::string arguments;                 // JSON values with commas between them; binary ones are placeholders
  std::vector<std::string> attachments;  // by the placeholders' numbers
  std::optional<std::uint64_t> ack_id;   // the client waits for acknowledge()
};

// Called on the loop's thread; every call of Sockets is allowed in it.
class Namespace {
 public:
  virtual ~Namespace() = default;
  virtual void on_connect(const Arrival& arrival) = 0;
  virtual void on_event(SocketKey socket, Event event) = 0;
  // The last call for it. Not called from within a call of Sockets.
  virtual void on_disconnect(SocketKey socket, EndReason reason) = 0;
  // The answer to Sockets::check_alive(); a client that gives none is disconnected.
  virtual void on_alive(SocketKey) {}
};

// A packet for any number of clients: serialised once.
struct Packet {
  net::SharedText text;
  std::vector<net::SharedText> attachments;
};
// Arguments and results are JSON values with commas between them, as in Event.
[[nodiscard]] Packet make_event(std::string_view name_space, std::string_view name, std::string_view arguments,
                                std::vector<net::SharedText> attachments = {});
[[nodiscard]] Packet make_ack(std::string_view name_space, std::uint64_t ack_id, std::string_view results,
                              std::vector<net::SharedText> attachments = {});

// On the loop's thread. For a socket that has gone every call does nothing.
class Sockets {
 public:
  virtual ~Sockets() = default;
  virtual void send(SocketKey to, const Packet& packet) = 0;
  virtual void acknowledge(SocketKey to, std::uint64_t ack_id, std::string_view results,
                           std::vector<net::SharedText> attachments = {}) = 0;
  // Ends its stay in the namespace; the client does not come back by itself.
  virtual void disconnect(SocketKey socket) = 0;
  // Ends the connection, with every namespace on it; the client connects again.
  virtual void drop(SocketKey socket) = 0;
  virtual void check_alive(SocketKey socket, std::chrono::milliseconds within) = 0;
};

}  // namespace signaling::socketio
