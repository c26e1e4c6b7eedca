#include "turnd/turn/drop_reason.h"

namespace turnd::turn {

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::malformed:
      return "malformed";
    case DropReason::not_stun:
      return "not_stun";
    case DropReason::no_allocation:
      return "no_allocation";
    case DropReason::no_permission:
      return "no_permission";
    case DropReason::no_channel:
      return "no_channel";
    case DropReason::peer_denied:
      return "peer_denied";
    case DropReason::bandwidth:
      return "bandwidth";
    case DropReason::queue_full:
      return "queue_full";
    case DropReason::too_big:
      return "too_big";
    case DropReason::challenge_limit:
      return "challenge_limit";
    case DropReason::send_failed:
      return "send_failed";
    case DropReason::ttl_expired:
      return "ttl_expired";
  }
  return "";
}

}  // namespace turnd::turn
