#include "signaling/gateway/chat_answers.h"

#include <algorithm>
#include <utility>

#include "signaling/gateway/chat_lines.h"
#include "signaling/gateway/person_identity.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;
using protocol::Outcome;

Failure no_access() { return failure(ErrorCode::forbidden, "You are not in this conversation"); }

// Whoever is in no conversation of that id is told the same as where there is none.
Failure for_outsiders(const Failure& refused) { return refused.code == ErrorCode::not_found ? no_access() : refused; }

std::optional<service::Conversation> find(store::Connection& db, std::string_view name) {
  if (name == "general") return service::find_lobby(db);
  const auto id = parse_id(name);
  return id ? service::find_conversation(db, *id) : std::nullopt;
}

room::ChatPage to_page(const service::MessagePage& page, const std::string& conversation) {
  room::ChatPage made{conversation, page.epoch, page.last_seq, page.complete, {}};
  for (const service::Message& message : page.messages) made.lines.push_back(to_line(message, conversation));
  return made;
}

std::string name_of(const service::Conversation& conversation) {
  return conversation_name(conversation.kind, conversation.id);
}

}  // namespace

Outcome<room::StoreChat::Answer> ChatAnswers::answer(store::Connection& db, const room::StoreChat& asked, WallTime now,
                                                     service::Effects& effects) const {
  const auto conversation = find(db, asked.conversation_id);
  if (!conversation) return no_access();
  service::NewMessage message{conversation->id, asked.message};
  message.sender_name = asked.name;
  message.is_member = asked.is_member;
  if (!asked.key.empty()) message.key = asked.key;
  if (!asked.reply_to.empty()) {
    message.reply_to = parse_id(asked.reply_to);
    if (!message.reply_to) return protocol::bad_field("replyTo", "is no message of this conversation");
  }
  const auto posted = messages_.post(db, to_identity(asked.person), message, now, effects);
  if (!posted) return for_outsiders(posted.error());
  effects.chat.clear();
  room::StoreChat::Answer answer{to_line(posted->message, name_of(*conversation)), !posted->is_new};
  answer.line.from_id = asked.from_id;
  return answer;
}

Outcome<room::EditChat::Answer> ChatAnswers::answer(store::Connection& db, const room::EditChat& asked, WallTime now,
                                                    service::Effects& effects) const {
  const auto id = parse_id(asked.message_id);
  if (!id) return failure(ErrorCode::not_found, "There is no such message");
  const auto edited = messages_.edit(db, to_identity(asked.person), {*id}, asked.message, now, effects);
  if (!edited) return edited.error();
  effects.chat.clear();
  const auto conversation = service::find_conversation(db, edited->conversation_id);
  return room::EditChat::Answer{to_line(*edited, name_of(*conversation))};
}

Outcome<room::DeleteChat::Answer> ChatAnswers::answer(store::Connection& db, const room::DeleteChat& asked,
                                                      WallTime now, service::Effects& effects) const {
  const auto id = parse_id(asked.message_id);
  if (!id) return failure(ErrorCode::not_found, "There is no such message");
  service::MessageRef which{*id};
  which.moderated = parse_id(asked.moderated_conversation);
  const auto removed = messages_.remove(db, to_identity(asked.person), which, now, effects);
  if (!removed) return removed.error();
  effects.chat.clear();
  const auto conversation = service::find_conversation(db, removed->conversation_id);
  return room::DeleteChat::Answer{asked.message_id, name_of(*conversation)};
}

Outcome<room::ClearChat::Answer> ChatAnswers::answer(store::Connection& db, const room::ClearChat& asked,
                                                     service::Effects& effects) const {
  const auto conversation = find(db, asked.conversation_id);
  if (!conversation) return no_access();
  const auto epoch = asked.is_moderator
                         ? conversations_.clear_as_moderator(db, to_identity(asked.person), *conversation, effects)
                         : conversations_.clear(db, to_identity(asked.person), conversation->id, effects);
  if (!epoch) return for_outsiders(epoch.error());
  effects.chat.clear();
  return room::ClearChat::Answer{name_of(*conversation), *epoch};
}

Outcome<room::MarkRead::Answer> ChatAnswers::answer(store::Connection& db, const room::MarkRead& asked, WallTime now,
                                                    service::Effects& effects) const {
  const auto conversation = find(db, asked.conversation_id);
  if (!conversation) return no_access();
  const bool is_shared =
      conversation->kind == service::ConversationKind::direct || conversation->kind == service::ConversationKind::group;
  // Guests keep no marker; their own sockets are told all the same.
  if (asked.person.is_guest)
    return room::MarkRead::Answer{name_of(*conversation), std::min(asked.seq, conversation->last_seq), is_shared};
  const auto read = conversations_.mark_read(db, to_identity(asked.person), conversation->id, asked.seq, now, effects);
  if (!read) return for_outsiders(read.error());
  effects.chat.clear();
  return room::MarkRead::Answer{name_of(*conversation), read->last_read_seq, is_shared};
}

Outcome<room::ChatPage> ChatAnswers::answer(store::Connection& db, const room::ReadChat& asked) const {
  const auto conversation = find(db, asked.conversation_id);
  if (!conversation) return no_access();
  service::PageRequest request{.before = asked.before, .after = asked.after, .most_bytes = kMostHistoryBytes};
  request.limit = static_cast<std::size_t>(std::max<std::int64_t>(asked.limit, 1));
  request.is_member = asked.is_member;
  const auto page = messages_.page(db, to_identity(asked.person), conversation->id, request);
  if (!page) return for_outsiders(page.error());
  return to_page(*page, name_of(*conversation));
}

Outcome<room::ChatPage> ChatAnswers::answer(store::Connection& db, const room::OpenConversation& asked) const {
  const auto conversation = find(db, asked.conversation_id);
  if (!conversation) return no_access();
  service::PageRequest request{.after = asked.after.value_or(conversation->last_seq),
                               .limit = service::Messages::kMostLimit};
  request.is_member = asked.is_member;
  const auto page = messages_.page(db, to_identity(asked.person), conversation->id, request);
  if (!page) return for_outsiders(page.error());
  return to_page(*page, name_of(*conversation));
}

room::ChatPage ChatAnswers::newest(store::Connection& db, std::int64_t conversation_id) const {
  const auto conversation = service::find_conversation(db, conversation_id);
  if (!conversation) return {};
  const service::PageRequest request{.most_bytes = kMostHistoryBytes, .is_member = true};
  const auto page = messages_.page(db, {}, conversation_id, request);
  return page ? to_page(*page, name_of(*conversation)) : room::ChatPage{};
}

}  // namespace signaling::gateway
