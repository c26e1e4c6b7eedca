// Names by which the engine and its surroundings speak of things: values, never pointers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <optional>

#include "turnd/base/strong.h"

namespace turnd::turn {

// A session is one allocation from Allocate to its end. Random, unique over restarts; 16 hex digits outside.
using SessionId = base::Strong<struct SessionTag, std::uint64_t>;
std::string to_string(SessionId id);
std::optional<SessionId> parse_session_id(std::string_view text);

// One relayed transport address of an allocation. The engine chooses it when it asks for the socket, and it
// is never used again for another one: a late answer or datagram finds nothing.
using RelayId = base::Strong<struct RelayTag, std::uint64_t>;

// The way back to a client, chosen by net/: a listener (UDP) or a connection. Opaque to the engine.
using ClientId = base::Strong<struct ClientTag, std::uint64_t>;

}  // namespace turnd::turn
