// One Socket.IO v5 connection without its transport: the namespaces that a client is in, and their packets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/protocol/socketio_decoder.h"
#include "signaling/socketio/engine_session.h"
#include "signaling/socketio/namespace.h"
#include "signaling/socketio/socketio_settings.h"

namespace signaling::socketio {

struct SendMessage {
  EngineFrame frame;
};
struct CloseConnection {};  // nothing but Disconnected follows
struct Connected {
  std::string name_space;
  SocketKey socket;
  std::string sid;
  boost::json::object auth;
};
struct EventReceived {
  SocketKey socket;
  Event event;
};
struct Disconnected {
  SocketKey socket;
  EndReason reason;
};

using SocketioEffect = std::variant<SendMessage, CloseConnection, Connected, EventReceived, Disconnected>;
using SocketioEffects = std::vector<SocketioEffect>;

// What a connection asks its server for.
struct NamespaceSource {
  std::function<bool(std::string_view)> is_known;
  struct NewSocket {
    SocketKey key;
    std::string sid;
  };
  std::function<NewSocket()> make_socket;
};

class SocketioConnection {
 public:
  // `source` outlives it.
  SocketioConnection(const SocketioSettings& settings, const NamespaceSource& source, TimePoint now);

  void on_text(std::string_view text, TimePoint now, SocketioEffects& out);
  void on_binary(std::string bytes, TimePoint now, SocketioEffects& out);
  void on_time(TimePoint now, SocketioEffects& out);
  void on_end(EndReason reason, SocketioEffects& out);

  // Ends the stay in one namespace.
  void disconnect(SocketKey socket, TimePoint now, SocketioEffects& out);
  // The namespace that the socket is in; empty when it is none of this connection.
  [[nodiscard]] std::string_view name_space(SocketKey socket) const;
  [[nodiscard]] std::vector<SocketKey> sockets() const;
  // When it has to be in some namespace; nullopt while it is in one.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return connect_deadline_; }

 private:
  struct Member {
    std::string name_space;
    SocketKey socket;
  };

  void on_decoded(protocol::SocketioDecoder::Decoded decoded, TimePoint now, SocketioEffects& out);
  void on_message(protocol::SocketioMessage message, TimePoint now, SocketioEffects& out);
  void connect(const protocol::SocketioPacket& packet, SocketioEffects& out);
  void remove(const std::string& name_space, EndReason reason, TimePoint now, SocketioEffects& out);
  void send(const protocol::SocketioPacket& packet, SocketioEffects& out);
  void close(EndReason reason, SocketioEffects& out);

  SocketioSettings settings_;
  const NamespaceSource& source_;
  protocol::SocketioDecoder decoder_;
  std::vector<Member> members_;  // as many as the server has namespaces
  std::optional<TimePoint> connect_deadline_;
  bool is_closed_ = false;
};

}  // namespace signaling::socketio
