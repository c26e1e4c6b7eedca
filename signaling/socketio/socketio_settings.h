// Settings of Socket.IO connections.
#pragma once

#include <chrono>
#include <cstddef>

namespace signaling::socketio {

struct SocketioSettings {
  // How long a connection may be in no namespace.
  std::chrono::milliseconds connect_timeout{45'000};
  std::size_t max_event = 64 * 1024;  // bytes of one packet with its attachments
};

}  // namespace signaling::socketio
