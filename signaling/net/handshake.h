// The opening handshake of a WebSocket (RFC 6455 s4.2), beside what exchange.h tells of it.
#pragma once

#include <string>
#include <string_view>

#include "signaling/net/exchange.h"

namespace signaling::net {

// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
[[nodiscard]] std::string accept_key(std::string_view key);

}  // namespace signaling::net
