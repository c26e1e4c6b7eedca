// The header fields that every answer carries, errors and files included (S4).
#pragma once

#include "signaling/net/shared_text.h"

namespace signaling::api {

// With HSTS where the client came over TLS. Made once.
[[nodiscard]] net::SharedText security_fields(bool is_secure);

}  // namespace signaling::api
