// Which of a server's addresses answers, and a link to it.
#pragma once

#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnctl/turn_uri.h"

namespace turnctl {

// The first of the host's addresses that answers a Binding request.
[[nodiscard]] Outcome<turnd::base::Endpoint> reach(const TurnUri& uri, const TlsTrust& trust, Deadline deadline);

[[nodiscard]] Outcome<std::unique_ptr<Link>> open_link(const turnd::base::Endpoint& server,
                                                       turnd::base::Transport transport, const TlsTrust& trust,
                                                       Deadline deadline);

}  // namespace turnctl
