#include "signaling/api/chat_json.h"

#include <charconv>
#include <utility>

#include "signaling/protocol/time_text.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using protocol::time_text;

json::value time_or_null(const std::optional<service::WallTime>& time) {
  return time ? json::value(time_text(*time)) : json::value(nullptr);
}

json::value id_or_null(const std::optional<std::int64_t>& id) { return id ? json::value(*id) : json::value(nullptr); }

json::array reactions_json(const std::vector<service::Reaction>& reactions) {
  json::array array;
  for (const service::Reaction& each : reactions)
    array.push_back(json::object{{"kind", each.kind}, {"count", each.count}, {"mine", each.mine}});
  return array;
}

constexpr std::size_t kObjectIdDigits = 24;

}  // namespace

json::object success(json::value data) { return {{"success", true}, {"data", std::move(data)}}; }

json::object message_json(const service::Message& message) {
  return {{"id", message.id},
          {"conversationId", message.conversation_id},
          {"senderId", id_or_null(message.sender_id)},
          {"senderName", message.sender_name},
          {"type", message.is_system ? "system" : "user"},
          {"content", message.content},
          {"createdAt", time_text(message.created_at)},
          {"seq", message.seq},
          {"editedAt", time_or_null(message.edited_at)},
          {"deletedAt", time_or_null(message.deleted_at)},
          {"replyTo", id_or_null(message.reply_to)},
          {"reactions", reactions_json(message.reactions)}};
}

json::array messages_json(const std::vector<service::Message>& messages) {
  json::array array;
  for (const service::Message& each : messages) array.push_back(message_json(each));
  return array;
}

json::array members_json(const std::vector<service::ConversationMember>& members) {
  json::array array;
  for (const service::ConversationMember& each : members)
    array.push_back(json::object{{"id", id_or_null(each.id)}, {"name", each.name}});
  return array;
}

json::object conversation_json(const service::ConversationView& view) {
  const service::Conversation& conversation = view.conversation;
  json::object object{{"id", conversation.id},
                      {"kind", to_string(conversation.kind)},
                      {"title", nullptr},
                      {"participants", members_json(view.members)},
                      {"lastSeq", conversation.last_seq},
                      {"lastReadSeq", view.last_read_seq},
                      {"unread", view.unread},
                      {"epoch", conversation.epoch},
                      {"createdAt", time_text(conversation.created_at)},
                      {"ownerId", id_or_null(conversation.owner_id)},
                      {"history", to_string(conversation.history)},
                      {"retention_s", id_or_null(conversation.retention_s)}};
  if (!conversation.title.empty()) object["title"] = conversation.title;
  return object;
}

json::object post_json(const service::Post& post) {
  return {{"id", post.id},
          {"title", post.title},
          {"content", post.content},
          {"createdAt", time_text(post.created_at)},
          {"updatedAt", time_text(post.updated_at)},
          {"author", json::object{{"id", post.author_id}, {"name", post.author_name}}}};
}

std::string object_id(std::int64_t id) {
  char digits[16];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, id, 16);
  const std::string hex(digits, end);
  return std::string(kObjectIdDigits - hex.size(), '0') + hex;
}

std::optional<std::int64_t> parse_object_id(std::string_view text) {
  const bool is_hex = text.size() == kObjectIdDigits;
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id, is_hex ? 16 : 10);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id < 1) return std::nullopt;
  return id;
}

json::object lobby_message_json(const service::Message& message) {
  return {{"_id", object_id(message.id)},
          {"username", message.sender_name},
          {"message", message.content},
          {"timestamp", time_text(message.created_at)},
          {"type", message.is_system ? "system" : "user"},
          {"room", "general"}};
}

json::array lobby_messages_json(const std::vector<service::Message>& messages) {
  json::array array;
  for (const service::Message& each : messages) array.push_back(lobby_message_json(each));
  return array;
}

}  // namespace signaling::api
