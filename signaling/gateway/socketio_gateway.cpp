#include "signaling/gateway/socketio_gateway.h"

#include <utility>

namespace signaling::gateway {
namespace {

socketio::EngineDoor engine_door(const SocketioLimits& limits, const SocketioParts& parts) {
  socketio::EngineDoor door;
  door.settings.sessions_per_address = limits.sockets_per_address;
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

// One connection of the hub that belongs to an adapter.
class HostDoor::End : public HubEnd {
 public:
  End(HostDoor& door, HubClient& client) : door_(door), client_(client) {}
  void set_id(room::ConnectionId id) { id_ = id; }

  // It may be gone when these return: the adapter may disconnect in them.
  void on_send(const room::Send& send) override { client_.on_frame(id_, send.frame); }
  void on_close(std::uint16_t code, std::string_view reason) override {
    HubClient& client = client_;
    const room::ConnectionId id = id_;
    const auto kept = door_.ends_.extract(id);
    client.on_closed(id, code, reason);
  }

 private:
  HostDoor& door_;
  HubClient& client_;
  room::ConnectionId id_;
};

room::ConnectionId HostDoor::connect(HubClient& client, Entry entry) {
  auto end = std::make_unique<End>(*this, client);
  room::Opening opening;
  opening.ip = std::move(entry.ip);
  opening.person = std::move(entry.person);
  opening.peer_id = std::move(entry.peer_id);
  opening.greets = false;
  opening.resumable = false;
  const room::ConnectionId id = host_.connect(*end, std::move(opening));
  end->set_id(id);
  ends_.emplace(id, std::move(end));
  return id;
}

void HostDoor::disconnect(room::ConnectionId connection) {
  if (!ends_.contains(connection)) return;
  host_.disconnect(connection, room::Ending::on_purpose);
  ends_.erase(connection);
}

SocketioGateway::SocketioGateway(net::Loop& loop, HubHost& host, const SocketioLimits& limits,
                                 const SocketioParts& parts)
    : door_(loop, host, parts),
      sockets_(loop, socketio_settings(limits), parts.random),
      engine_(loop, engine_door(limits, parts), parts.random, sockets_),
      lobby_(door_, sockets_, limits.signals_per_second),
      meet_(door_, sockets_) {
  sockets_.serve_on(engine_);
  sockets_.add_namespace(std::string(LobbyFloor::kNamespace), lobby_);
  sockets_.add_namespace(std::string(MeetNamespace::kName), meet_);
}

}  // namespace signaling::gateway
