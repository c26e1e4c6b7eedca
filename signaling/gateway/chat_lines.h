// Stored messages as lines of signald.v1, and what happened in a conversation as notices to the hub.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/chat_line.h"
#include "signaling/room/notice.h"
#include "signaling/service/chat_change.h"
#include "signaling/service/message.h"

namespace signaling::gateway {

// "general" is the lobby, everything else a number (G69).
[[nodiscard]] std::string conversation_name(service::ConversationKind kind, std::int64_t id);
// An id that a client wrote: a positive number; nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

[[nodiscard]] protocol::ChatLine to_line(const service::Message& message, std::string conversation);
// nullopt: signald.v1 has no word for it.
[[nodiscard]] std::optional<room::Notice> to_notice(const service::ChatChange& change);

}  // namespace signaling::gateway
