#include "turnd/tls/openssl_error.h"

#include <openssl/err.h>

namespace turnd::tls {

std::string take_openssl_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return reason ? reason : "unknown error";
}

}  // namespace turnd::tls
