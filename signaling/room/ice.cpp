#include "signaling/room/ice.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::Outcome;

void Ice::request(Session& session, const Asker& asker) {
  if (session.member == nullptr && session.call == 0)
    return core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  core_.ask(AskIceServers{session.person}, [this, asker](Outcome<IceServers>& ice) {
    if (!ice) return core_.fail(asker, ice.error());
    core_.reply(asker, update(asker.id, *ice));
    if (Session* const session = core_.find(asker.session)) given(*session, *ice);
  });
}

void Ice::given(Session& session, const IceServers& ice) {
  session.ice_due.reset();
  if (ice.ttl_s <= 0) return;
  session.ice_due = core_.now.monotonic + std::chrono::seconds(ice.ttl_s) / 2;
  core_.arm(*session.ice_due, TimerKind::ice, session.key.value);
}

void Ice::on_timer(SessionKey who) {
  Session* const session = core_.find(who);
  if (session == nullptr || session->member == nullptr) return;
  if (!session->ice_due || *session->ice_due > core_.now.monotonic) return;
  session->ice_due.reset();
  core_.ask(AskIceServers{session->person}, [this, who](Outcome<IceServers>& ice) {
    Session* const session = core_.find(who);
    if (session == nullptr || session->member == nullptr) return;
    // Without an answer the old ones are still good for as long again.
    if (!ice) return given(*session, {"[]", 60, {}});
    core_.push(*session, update({}, *ice));
    given(*session, *ice);
  });
}

protocol::SharedFrame Ice::update(std::string_view id, const IceServers& ice) const {
  FrameWriter frame(protocol::ServerType::ice_update, id);
  frame.raw("iceServers", ice.servers).integer("ttl", ice.ttl_s);
  return frame.time("expiresAt", ice.expires_at).finish();
}

}  // namespace signaling::room
