#include "signaling/protocol/chat_line.h"

namespace signaling::protocol {
namespace {

void write_reactions(JsonWriter& out, const std::vector<ChatReaction>& reactions) {
  out.begin_array();
  for (const ChatReaction& each : reactions)
    out.begin_object().text("kind", each.kind).integer("count", each.count).boolean("mine", each.mine).end_object();
  out.end_array();
}

}  // namespace

void write_members(JsonWriter& out, const ChatLine& line) {
  out.text("messageId", line.message_id);
  out.text("conversationId", line.conversation_id);
  if (line.deleted_at) {
    out.integer("seq", line.seq).text("message", "").time("deletedAt", *line.deleted_at);
    return;
  }
  out.text_or_null("fromId", line.from_id);
  out.text_or_null("userId", line.user_id);
  out.text("username", line.username);
  out.text("message", line.message);
  out.time("timestamp", line.timestamp);
  if (line.seq > 0) out.integer("seq", line.seq);
  out.text("kind", line.is_system ? "system" : "user");
  if (!line.reply_to.empty()) out.text("replyTo", line.reply_to);
  if (line.edited_at) out.time("editedAt", *line.edited_at);
  if (!line.reactions.empty()) write_reactions(out.key("reactions"), line.reactions);
}

}  // namespace signaling::protocol
