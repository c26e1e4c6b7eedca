#include "signaling/socketio/engine_query.h"

namespace signaling::socketio {
namespace {

constexpr std::string_view kPolling = "polling";
constexpr std::string_view kWebSocket = "websocket";
constexpr std::string_view kVersion = "4";

EngineDecision refuse(EngineFault fault) { return {EngineAction::open_polling, fault}; }

EngineDecision decide_new(net::Method method, const EngineQuery& query, bool is_websocket) {
  if (method != net::Method::get) return refuse(EngineFault::bad_handshake_method);
  if (is_websocket != (query.transport == kWebSocket)) return refuse(EngineFault::bad_request);
  if (query.version != kVersion) return refuse(EngineFault::unsupported_version);
  return {is_websocket ? EngineAction::open_websocket : EngineAction::open_polling, std::nullopt};
}

EngineDecision decide_polling(net::Method method) {
  if (method == net::Method::get) return {EngineAction::poll, std::nullopt};
  if (method == net::Method::post) return {EngineAction::post, std::nullopt};
  return refuse(EngineFault::bad_request);
}

}  // namespace

EngineQuery parse_engine_query(std::string_view query) {
  EngineQuery found;
  const auto take = [](std::string_view& into, std::string_view value) {
    if (into.empty()) into = value;
  };
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    if (name == "EIO") take(found.version, pair.substr(equals + 1));
    if (name == "transport") take(found.transport, pair.substr(equals + 1));
    if (name == "sid") take(found.sid, pair.substr(equals + 1));
  }
  return found;
}

EngineDecision decide(net::Method method, const EngineQuery& query, bool is_websocket_attempt, SidState sid) {
  if (query.transport != kPolling && query.transport != kWebSocket) return refuse(EngineFault::unknown_transport);
  if (query.sid.empty()) return decide_new(method, query, is_websocket_attempt);
  if (sid == SidState::unknown) return refuse(EngineFault::unknown_sid);
  const bool wants_websocket = query.transport == kWebSocket;
  if (wants_websocket && is_websocket_attempt) return {EngineAction::second_websocket, std::nullopt};
  if (wants_websocket || is_websocket_attempt || sid != SidState::polling) return refuse(EngineFault::bad_request);
  return decide_polling(method);
}

}  // namespace signaling::socketio
