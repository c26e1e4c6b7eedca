// wait_for: waits for one descriptor until a deadline, or for as long as it gets on.
#pragma once

#include "turnctl/link.h"

namespace turnctl {

// True when `events` (POLLIN, POLLOUT) or an error is there before the deadline.
[[nodiscard]] bool wait_for(int descriptor, short events, Deadline deadline);

// True when the socket takes more, or an error is there. False: for a second the other end has taken nothing. The
// kernel tells of room when a third of the buffer is free, which on a slow path may last longer than any deadline.
[[nodiscard]] bool wait_for_room(int descriptor);

}  // namespace turnctl
