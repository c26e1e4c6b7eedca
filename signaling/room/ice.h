// Ice: TURN credentials that are asked for, and renewed before they are old (G50).
#pragma once

#include "signaling/room/core.h"

namespace signaling::room {

class Ice {
 public:
  explicit Ice(Core& core) : core_(core) {}

  void request(Session& session, const Asker& asker);
  void on_timer(SessionKey who);
  // The servers that the session got now: when it needs others.
  void given(Session& session, const IceServers& ice);

 private:
  [[nodiscard]] protocol::SharedFrame update(std::string_view id, const IceServers& ice) const;
  Core& core_;
};

}  // namespace signaling::room
