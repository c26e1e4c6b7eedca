// Settings of Engine.IO sessions, with the defaults of the protocol's reference server.
#pragma once

#include <chrono>
#include <cstddef>

namespace signaling::socketio {

struct EngineSettings {
  // The server pings; a client that does not answer in time is gone, and one that hears no ping for the sum of both
  // gives the server up.
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  // From the opening of a second transport to the packet that completes the change to it.
  std::chrono::milliseconds upgrade_timeout{10'000};
  // How long a session that the server ended waits for the poll that tells the client.
  std::chrono::milliseconds close_timeout{30'000};
  std::size_t max_payload = 1'000'000;  // bytes of a polling body or a WebSocket message of a client
  std::size_t max_queue = 1024 * 1024;  // bytes that wait for a polling client
};

}  // namespace signaling::socketio
