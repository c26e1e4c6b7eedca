// Dispatch: every message of signald.v1 and the part of the hub that answers it, on one screen.
#pragma once

#include "signaling/room/attendance.h"
#include "signaling/room/calls.h"
#include "signaling/room/chat.h"
#include "signaling/room/core.h"
#include "signaling/room/doors.h"
#include "signaling/room/entrance.h"
#include "signaling/room/ice.h"
#include "signaling/room/moderation.h"
#include "signaling/room/relay.h"
#include "signaling/room/rooms.h"
#include "signaling/room/topics.h"

namespace signaling::room {

// The parts of the hub, each with what it needs of the others.
struct Parts {
  Parts(HubSettings settings, turnd::base::RandomSource random)
      : core(std::move(settings), std::move(random)),
        entrance(core),
        rooms(core),
        ice(core),
        attendance(core, rooms, ice),
        doors(core, rooms, attendance),
        relay(core, rooms),
        moderation(core, rooms),
        chat(core, rooms),
        topics(core),
        calls(core, rooms, ice) {}

  Core core;
  Entrance entrance;
  Rooms rooms;
  Ice ice;
  Attendance attendance;
  Doors doors;
  Relay relay;
  Moderation moderation;
  Chat chat;
  Topics topics;
  Calls calls;
};

// Of a connection that has a session. The session may be gone afterwards.
void dispatch(Parts& parts, Session& session, const Asker& asker, const protocol::ClientMessage& message);
void dispatch(Parts& parts, const Notice& notice);

}  // namespace signaling::room
