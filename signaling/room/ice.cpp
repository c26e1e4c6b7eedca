#include "signaling/room/ice.h"

namespace signaling::room {
namespace {

// While no relay can be had: how soon it is asked for again.
constexpr auto kAskAgain = std::chrono::seconds(60);

}  // namespace

using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::Outcome;

void Ice::request(Session& session, const Asker& asker) {
  if (session.member == nullptr && session.call == 0)
    return core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  core_.ask(AskIceServers{session.person, true}, [this, asker](Outcome<IceServers>& ice) {
    if (!ice) return core_.fail(asker, ice.error());
    core_.reply(asker, update(asker.id, *ice));
    if (Session* const session = core_.find(asker.session)) given(*session, *ice);
  });
}

void Ice::given(Session& session, const IceServers& ice) {
  const std::chrono::seconds life(ice.ttl_s);
  session.ice_due = core_.now.monotonic + (life.count() > 0 ? life / 2 : kAskAgain);
  core_.arm(*session.ice_due, TimerKind::ice, session.key.value);
}

void Ice::on_timer(SessionKey who) {
  Session* const session = core_.find(who);
  if (session == nullptr || session->member == nullptr) return;
  if (!session->ice_due) return;
  if (*session->ice_due > core_.now.monotonic) return core_.arm(*session->ice_due, TimerKind::ice, who.value);
  session->ice_due.reset();
  core_.ask(AskIceServers{session->person}, [this, who](Outcome<IceServers>& ice) {
    Session* const session = core_.find(who);
    if (session == nullptr || session->member == nullptr) return;
    // Those given before are still good for as long again.
    if (!ice || ice->ttl_s <= 0) return given(*session, {});
    core_.push(*session, update({}, *ice));
    given(*session, *ice);
  });
}

protocol::SharedFrame Ice::update(std::string_view id, const IceServers& ice) const {
  FrameWriter frame(protocol::ServerType::ice_update, id);
  frame.raw("iceServers", ice.servers).integer("ttl", ice.ttl_s);
  const bool expires = ice.expires_at != protocol::WallTime{};
  return frame.time("expiresAt", expires ? std::optional(ice.expires_at) : std::nullopt).finish();
}

}  // namespace signaling::room
