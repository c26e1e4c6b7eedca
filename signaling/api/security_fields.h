// The header fields that every answer carries, errors and files included (S4).
#pragma once

#include <cstdint>

#include "signaling/net/shared_text.h"

namespace signaling::api {

enum class Scheme : std::uint8_t { http, https };  // over which the client came

// With HSTS for https. Made once.
[[nodiscard]] net::SharedText security_fields(Scheme scheme);

}  // namespace signaling::api
