// Options: what the load generator is told on its command line.
#pragma once

#include <cstdint>
#include <string>

namespace signaling::load {

struct Options {
  std::string scenario;
  std::string dialect = "signald";  // "socketio"; "bare": bare_server.cpp's
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  bool tls = false;
  bool tickets = false;       // TLS sessions are resumed
  std::size_t clients = 100;  // without rooms; in `connect` at once
  std::size_t rooms = 1;
  std::size_t members = 1;    // of each room
  std::size_t window = 1;     // unanswered at once: of a client, in `fanout` of a room
  std::size_t size = 40;      // bytes of a message, about
  double rate = 0;            // messages a second over all; 0: as many as are answered
  bool stored = false;        // `fanout` of chat lines
  std::size_t opening = 64;   // connections in the making at once
  std::size_t addresses = 1;  // of 127.1.0.0/16, to connect from
  std::string path = "/livez";
  double duration = 3;  // seconds
  double warm_up = 1;
  bool spin = false;       // never sleep: nothing of the generator's waking up is measured
  std::int64_t pid = 0;    // the server's process; 0: its cost is not told
  int collect_signal = 0;  // makes it collect its garbage, before its memory is measured

  [[nodiscard]] bool uses_rooms() const {
    return scenario == "fanout" || scenario == "signal" || scenario == "chat" || scenario == "connect" ||
           scenario == "storm";
  }
};

}  // namespace signaling::load
