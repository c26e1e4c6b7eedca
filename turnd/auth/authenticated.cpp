#include "turnd/auth/authenticated.h"

namespace turnd::auth {

stun::IntegrityKey Authenticated::reply_key() const {
  if (sha256_key_) return {algorithm_, *keys_.sha256};
  return {algorithm_, keys_.md5};
}

}  // namespace turnd::auth
