#include "signaling/gateway/socketio_gateway.h"

namespace signaling::gateway {
namespace {

socketio::EngineDoor engine_door(const SocketioLimits& limits, const SocketioParts& parts) {
  socketio::EngineDoor door;
  door.addresses = &parts.addresses;
  if (limits.queue != 0) door.settings.max_queue = limits.queue;
  door.allows_origin = parts.allows_origin;
  door.names_origin = false;  // every answer gets its Access-Control fields in front of this
  return door;
}

socketio::SocketioSettings socketio_settings(const SocketioLimits& limits) {
  socketio::SocketioSettings settings;
  settings.max_event = limits.event != 0 ? limits.event : socketio::EngineSettings{}.max_payload;
  return settings;
}

}  // namespace

SocketioGateway::SocketioGateway(net::Loop& loop, HubDoor& door, const SocketioLimits& limits,
                                 const SocketioParts& parts)
    : sockets_(loop, socketio_settings(limits), parts.random),
      engine_(loop, engine_door(limits, parts), parts.random, sockets_),
      lobby_(door, sockets_, limits.signals_per_second),
      meet_(door, sockets_) {
  sockets_.serve_on(engine_);
  sockets_.add_namespace(std::string(LobbyFloor::kNamespace), lobby_);
  sockets_.add_namespace(std::string(MeetNamespace::kName), meet_);
}

}  // namespace signaling::gateway
