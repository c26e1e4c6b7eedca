#include "turnd/auth/refusal.h"

namespace turnd::auth {

std::string_view to_string(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::no_credentials:
      return "no_credentials";
    case RefusalReason::unknown_user:
      return "unknown_user";
    case RefusalReason::wrong_password:
      return "wrong_password";
    case RefusalReason::expired:
      return "expired";
    case RefusalReason::stale_nonce:
      return "stale_nonce";
    case RefusalReason::wrong_realm:
      return "wrong_realm";
    case RefusalReason::wrong_credentials:
      return "wrong_credentials";
    case RefusalReason::bad_request:
      return "bad_request";
  }
  return "";
}

}  // namespace turnd::auth
