// What an Engine.IO session asks of its transports and tells its owner, as data.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "signaling/net/shared_text.h"
#include "turnd/base/strong.h"

namespace signaling::socketio {

// One HTTP request of a polling client, and one WebSocket.
using RequestId = turnd::base::Strong<struct EngineRequestTag, std::uint64_t>;
using TransportId = turnd::base::Strong<struct EngineTransportTag, std::uint64_t>;

// What goes to a client: a text packet with its type in front, or the bytes of a binary message. Shared by all
// receivers.
struct EngineFrame {
  net::SharedText data;
  bool is_binary = false;
};

// The errors of the protocol; their values are the wire's.
enum class EngineFault : std::uint8_t {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5,
};
[[nodiscard]] std::string to_json(EngineFault fault);

enum class EndReason : std::uint8_t {
  by_client,  // it said so
  by_server,
  transport_lost,  // the socket closed, or the poll was given up
  ping_timeout,
  violation,  // of the protocol
  too_slow,   // more waits for it than may
};
[[nodiscard]] std::string_view to_string(EndReason reason);

struct AnswerPoll {
  RequestId to;
  std::string payload;
};
struct AnswerPost {
  RequestId to;
};
struct AnswerFault {
  RequestId to;
  EngineFault fault;
};
struct SendFrame {
  TransportId to;
  EngineFrame frame;
};
struct CloseTransport {
  TransportId which;
};
struct Received {
  std::string data;
  bool is_binary;
};
struct Alive {};  // the answer to EngineSession::check_alive()
struct Ended {
  EndReason reason;
};  // nothing is received after it

using EngineEffect =
    std::variant<AnswerPoll, AnswerPost, AnswerFault, SendFrame, CloseTransport, Received, Alive, Ended>;
using EngineEffects = std::vector<EngineEffect>;

}  // namespace signaling::socketio
