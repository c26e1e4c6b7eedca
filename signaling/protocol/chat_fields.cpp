#include "signaling/protocol/chat_fields.h"

#include <algorithm>
#include <utility>

#include "signaling/protocol/text_length.h"

namespace signaling::protocol {
namespace {

constexpr std::size_t kMostReactionKind = 32;  // bytes (K8)
constexpr std::size_t kMostQuery = 1000;       // characters

}  // namespace

ClientMessage read_chat(FieldReader& in, bool alias) {
  Chat chat;
  chat.message = in.text("message");
  chat.target_id = in.id_or_empty("targetId");
  chat.conversation_id = in.id_or_empty("conversationId");
  chat.reply_to = in.id_or_empty("replyTo");
  chat.alias = alias;
  if (auto key = in.optional_id("key")) {
    if (key->empty() || characters(*key) > 64) in.refuse("key", "must have 1 to 64 characters");
    chat.key = std::move(*key);
  }
  return chat;
}

ClientMessage read_react(FieldReader& in) {
  ChatReact react{in.id("messageId"), in.text("kind"), in.flag_or("remove", false)};
  if (react.kind.empty() || react.kind.size() > kMostReactionKind) in.refuse("kind", "must have 1 to 32 bytes");
  return react;
}

ClientMessage read_history(FieldReader& in) {
  ChatHistory history;
  history.conversation_id = in.id_or_empty("conversationId");
  history.before = in.optional_integer("before");
  history.after = in.optional_integer("after");
  const auto limit = in.optional_integer("limit");
  if (history.before && *history.before < 1) in.refuse("before", "must be positive");
  if (history.after && *history.after < 0) in.refuse("after", "must not be negative");
  if (history.before && history.after) in.refuse("after", "excludes before");
  if (limit && *limit < 1) in.refuse("limit", "must be positive");
  history.limit = std::min<std::int64_t>(limit.value_or(50), 200);
  history.q = in.optional_text("q");
  if (history.q && characters(*history.q) > kMostQuery) in.refuse("q", "must have at most 1000 characters");
  history.reactions = in.flag_or("reactions", true);
  return history;
}

ClientMessage read_read(FieldReader& in) {
  ChatRead read;
  read.conversation_id = in.id_or_empty("conversationId");
  const auto seq = in.optional_integer("seq");
  if (!seq || *seq < 0) in.refuse("seq", "must be a number of a message");
  read.seq = seq.value_or(0);
  return read;
}

}  // namespace signaling::protocol
