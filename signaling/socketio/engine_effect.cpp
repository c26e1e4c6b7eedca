#include "signaling/socketio/engine_effect.h"

namespace signaling::socketio {
namespace {

std::string_view message(EngineFault fault) {
  switch (fault) {
    case EngineFault::unknown_transport:
      return "Transport unknown";
    case EngineFault::unknown_sid:
      return "Session ID unknown";
    case EngineFault::bad_handshake_method:
      return "Bad handshake method";
    case EngineFault::bad_request:
      return "Bad request";
    case EngineFault::forbidden:
      return "Forbidden";
    case EngineFault::unsupported_version:
      return "Unsupported protocol version";
  }
  return "";
}

}  // namespace

std::string to_json(EngineFault fault) {
  std::string json = R"({"code":)" + std::to_string(static_cast<int>(fault)) + R"(,"message":")";
  json += message(fault);
  return json + "\"}";
}

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::by_client:
      return "by_client";
    case EndReason::by_server:
      return "by_server";
    case EndReason::transport_lost:
      return "transport_lost";
    case EndReason::ping_timeout:
      return "ping_timeout";
    case EndReason::violation:
      return "violation";
    case EndReason::too_slow:
      return "too_slow";
  }
  return "";
}

}  // namespace signaling::socketio
