// What an account leaves behind when it is deleted: its meetings, and its places in conversations.
#pragma once

#include "signaling/service/effects.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/user.h"

namespace signaling::service {

// Deletes some of its meetings as settle_remains() does, as many as others may wait for. True: there may be more.
bool settle_meetings(store::Connection& db, const MeetingContext& context, const User& user, const Identity& by,
                     WallTime now, Effects& effects);

// Before its row goes. The meetings that it hosts are deleted as by itself (M16): their rooms close, the invited get
// their CANCEL, recordings and chat go. Its groups go on to another member, or end with the last one; so does a direct
// conversation, where what was said stays under the name (A11) while the other one is there. `by`: who deletes it.
void settle_remains(store::Connection& db, const MeetingContext& context, const User& user, const Identity& by,
                    WallTime now, Effects& effects);

}  // namespace signaling::service
