// Messages, reading: pages by number, and search.
#include <algorithm>
#include <limits>

#include "signaling/service/chat_text.h"
#include "signaling/service/message_rows.h"
#include "signaling/service/messages.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::Outcome;

constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max();

Outcome<Conversation> readable(store::Connection& db, const Identity& who, std::int64_t id,
                               const PageRequest& request) {
  auto conversation = find_conversation(db, id);
  if (!conversation || (!request.is_member && part_of(db, *conversation, who) == Part::none))
    return protocol::failure(ErrorCode::not_found, "There is no such conversation");
  return std::move(*conversation);
}

std::size_t limit_of(const PageRequest& request) { return std::min(request.limit, Messages::kMostLimit); }

// Keeps what is nearest to where the reader stands, and at least one message.
void cut_to_size(MessagePage& page, const PageRequest& request) {
  std::size_t bytes = 0;
  const bool is_forward = request.after.has_value();
  if (!is_forward) std::ranges::reverse(page.messages);
  const auto over = std::ranges::find_if(page.messages, [&](const Message& message) {
    bytes += message.content.size();
    return bytes > request.most_bytes;
  });
  if (over != page.messages.end()) {
    page.messages.erase(std::max(over, page.messages.begin() + 1), page.messages.end());
    page.complete = false;
  }
  if (!is_forward) std::ranges::reverse(page.messages);
}

}  // namespace

Outcome<MessagePage> Messages::page(store::Connection& db, const Identity& who, std::int64_t conversation_id,
                                    const PageRequest& request) const {
  const auto conversation = readable(db, who, conversation_id, request);
  if (!conversation) return conversation.error();
  MessagePage page;
  page.last_seq = conversation->last_seq;
  page.epoch = conversation->epoch;
  const std::size_t limit = limit_of(request);
  const std::int64_t after = request.after.value_or(0);
  const std::int64_t before = request.before.value_or(kFarthest);
  // The second as in most meetings when one comes.
  if (limit == 0 || page.last_seq <= std::max(conversation->cleared_seq, after)) return page;
  // One more than asked for tells whether there is more.
  if (request.after) {
    page.messages = db.all(read_message,
                           "SELECT * FROM shown_messages WHERE conversation_id = ?1 AND seq > ?2 AND seq < ?3"
                           " ORDER BY seq LIMIT ?4",
                           conversation_id, after, before, limit + 1);
    page.complete = page.messages.size() <= limit;
    if (!page.complete) page.messages.pop_back();
  } else {
    page.messages = db.all(read_message,
                           "SELECT * FROM shown_messages WHERE conversation_id = ?1 AND seq < ?2"
                           " ORDER BY seq DESC LIMIT ?3",
                           conversation_id, before, limit + 1);
    page.complete = page.messages.size() <= limit;
    if (!page.complete) page.messages.pop_back();
    std::ranges::reverse(page.messages);
  }
  cut_to_size(page, request);
  if (request.reactions) load_reactions(db, who.key(), page.messages);
  return page;
}

Outcome<MessagePage> Messages::search(store::Connection& db, const Identity& who, std::int64_t conversation_id,
                                      std::string_view words, const PageRequest& request) const {
  const auto conversation = readable(db, who, conversation_id, request);
  if (!conversation) return conversation.error();
  MessagePage page;
  page.last_seq = conversation->last_seq;
  page.epoch = conversation->epoch;
  const std::string expression = match_expression(words);
  if (expression.empty()) return page;
  const std::size_t limit = limit_of(request);
  page.messages =
      db.all(read_message,
             "SELECT m.* FROM messages_fts f JOIN shown_messages m ON m.id = f.rowid"
             " WHERE messages_fts MATCH ?1 AND m.conversation_id = ?2 AND m.seq > ?3 AND m.seq < ?4"
             " ORDER BY f.rowid DESC LIMIT ?5",
             expression, conversation_id, request.after.value_or(0), request.before.value_or(kFarthest), limit + 1);
  page.complete = page.messages.size() <= limit;
  if (!page.complete) page.messages.pop_back();
  std::ranges::reverse(page.messages);
  if (!request.reactions) return page;
  for (Message& message : page.messages) load_reactions(db, who.key(), message);
  return page;
}

}  // namespace signaling::service
