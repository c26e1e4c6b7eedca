#include "turnd/turn/close_reason.h"

namespace turnd::turn {

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::client_closed:
      return "client_closed";
    case CloseReason::expired:
      return "expired";
    case CloseReason::disconnected:
      return "disconnected";
    case CloseReason::killed:
      return "killed";
    case CloseReason::credential_removed:
      return "credential_removed";
    case CloseReason::credential_expired:
      return "credential_expired";
    case CloseReason::drained:
      return "drained";
    case CloseReason::shutdown:
      return "shutdown";
    case CloseReason::internal:
      return "internal";
  }
  return "";
}

}  // namespace turnd::turn
