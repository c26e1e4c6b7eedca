#include "turnd/tls/openssl_types.h"

#include <openssl/err.h>

namespace turnd::tls {

std::string take_errors() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  const char* reason = first == 0 ? nullptr : ERR_reason_error_string(first);
  return reason ? reason : "unknown error of OpenSSL";
}

}  // namespace turnd::tls
