// Conversations, messages and posts as the API shows them (signaling.md 2.11 K2, K11, K17, P1).
#pragma once

#include <cstdint>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "signaling/service/conversations.h"
#include "signaling/service/lobby.h"
#include "signaling/service/messages.h"
#include "signaling/service/posts.h"

namespace signaling::api {

// {success:true, data}
[[nodiscard]] boost::json::object success(boost::json::value data);

[[nodiscard]] boost::json::object message_json(const service::Message& message);
[[nodiscard]] boost::json::array messages_json(const std::vector<service::Message>& messages);
[[nodiscard]] boost::json::object conversation_json(const service::ConversationView& view);
[[nodiscard]] boost::json::array members_json(const std::vector<service::ConversationMember>& members);
[[nodiscard]] boost::json::object post_json(const service::Post& post);

// 24 hex digits, the look of the lobby's ids.
[[nodiscard]] std::string object_id(std::int64_t id);
[[nodiscard]] std::optional<std::int64_t> parse_object_id(std::string_view text);
// {_id, username, message, timestamp, type, room}
[[nodiscard]] boost::json::object lobby_message_json(const service::Message& message);
[[nodiscard]] boost::json::array lobby_messages_json(const std::vector<service::Message>& messages);

}  // namespace signaling::api
