#include "turnd/auth/long_term_key.h"

namespace turnd::auth {

LongTermKeys derive_keys(std::string_view username, std::string_view realm, std::string_view password) {
  using base::as_bytes;
  const auto colon = as_bytes(":");
  const std::initializer_list<base::ByteView> parts{as_bytes(username), colon, as_bytes(realm), colon,
                                                    as_bytes(password)};
  return {crypto::md5(parts), crypto::sha256(parts)};
}

}  // namespace turnd::auth
