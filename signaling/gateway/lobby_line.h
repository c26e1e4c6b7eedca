// A line of the lobby in the words of its Socket.IO clients.
#pragma once

#include <string>
#include <string_view>

#include "signaling/protocol/json_members.h"

namespace signaling::gateway {

// 24 hex digits, as HTTP shows the id.
[[nodiscard]] std::string object_id(std::string_view message_id);
// A text of the hub's as it stands there; `""` when it is none.
[[nodiscard]] std::string_view text_slice(const protocol::JsonMembers& from, std::string_view name);
// The JSON of a line that the hub tells in a `chat` or in a history.
[[nodiscard]] std::string lobby_line(const protocol::JsonMembers& chat);

}  // namespace signaling::gateway
