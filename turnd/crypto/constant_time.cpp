#include "turnd/crypto/constant_time.h"

#include <openssl/crypto.h>

namespace turnd::crypto {

bool constant_time_equal(base::ByteView a, base::ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace turnd::crypto
