// The numbers by which the hub and its surroundings name things.
#pragma once

#include <cstdint>

#include "turnd/base/strong.h"

namespace signaling::room {

// One socket, or one Socket.IO namespace. Chosen by who connects it; never used again.
using ConnectionId = turnd::base::Strong<struct ConnectionTag, std::uint64_t>;
// A session: what survives its socket. 0: none.
using SessionKey = turnd::base::Strong<struct SessionTag, std::uint64_t>;
// A question that waits for its answer.
using Ticket = turnd::base::Strong<struct TicketTag, std::uint64_t>;

}  // namespace signaling::room
