// wait_for: waits for one descriptor until a deadline.
#pragma once

#include "turnctl/link.h"

namespace turnctl {

// True when `events` (POLLIN, POLLOUT) or an error is there before the deadline.
[[nodiscard]] bool wait_for(int descriptor, short events, Deadline deadline);

}  // namespace turnctl
