#include "signaling/service/messages.h"

#include "signaling/service/body.h"
#include "signaling/service/chat_text.h"
#include "signaling/service/message_rows.h"
#include "signaling/service/recent_keys.h"
#include "signaling/service/shown_name.h"
#include "signaling/store/search_index.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

constexpr std::size_t kMostKey = 64;
constexpr std::size_t kMostReactionKind = 32;
// Kinds on one message: members could otherwise grow it without end.
constexpr std::int64_t kMostKinds = 64;

// A message, the conversation it is in, and what the asker is there.
struct Found {
  Message message;
  Conversation conversation;
  Part part = Part::none;
};

Outcome<Found> find(store::Connection& db, const Identity& who, const MessageRef& which) {
  auto message = find_message(db, which.id, who.key());
  if (!message) return failure(ErrorCode::not_found, "There is no such message");
  if (which.conversation_id && *which.conversation_id != message->conversation_id)
    return failure(ErrorCode::not_found, "There is no such message");
  auto conversation = find_conversation(db, message->conversation_id);
  const Part part = part_of(db, *conversation, who);
  if (part == Part::none && !who.is_admin) return failure(ErrorCode::not_found, "There is no such message");
  return Found{std::move(*message), std::move(*conversation), part};
}

bool is_author(const Message& message, const Identity& who) {
  if (who.is_account()) return message.sender_id == who.user_id;
  return who.is_guest() && !message.sender_guest.empty() && message.sender_guest == who.guest_id;
}

std::string sender_name_of(store::Connection& db, const Identity& who, const Conversation& conversation,
                           const NewMessage& what) {
  if (!what.sender_name.empty()) return what.sender_name;
  return conversation.kind == ConversationKind::lobby && who.is_account() ? shown_name(db, who) : who.name;
}

// Under the next number of the conversation, which was read in this transaction. With history `none` the row takes its
// id and goes again: nothing is kept, and no id is given out twice.
void store_message(store::Connection& db, const Conversation& conversation, const std::optional<std::string>& key,
                   Message& message) {
  message.conversation_id = conversation.id;
  message.seq = conversation.last_seq + 1;
  message.id = db.insert(
      "INSERT INTO messages(conversation_id, seq, sender_id, sender_guest, sender_name, type, content, reply_to,"
      " client_key, created_at) VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?7, ?8, ?9, ?10)",
      message.conversation_id, message.seq, message.sender_id, message.sender_guest, message.sender_name,
      message.is_system ? "system" : "user", message.content, message.reply_to, key, message.created_at);
  db.execute("UPDATE conversations SET last_seq = ?2, last_message_at = ?3 WHERE id = ?1", conversation.id, message.seq,
             message.created_at);
  if (conversation.history == History::none) db.execute("DELETE FROM messages WHERE id = ?1", message.id);
}

Event sent_event(const Identity& who, const Message& message, const Conversation& conversation,
                 const ChatSettings& settings) {
  Event event{Level::info,
              "chat-service",
              "message_sent",
              who.username.empty() ? message.sender_name : who.username,
              {{"length", characters_in(message.content)},
               {"messageId", message.id},
               {"conversationId", conversation.id},
               {"kind", to_string(conversation.kind)}}};
  if (settings.log_text) event.data["message"] = message.content;
  return event;
}

void tell(store::Connection& db, const Conversation& conversation, decltype(ChatChange::what) what, Effects& effects) {
  if (effects.asker_tells) return;
  ChatChange change = change_in(db, conversation);
  change.what = std::move(what);
  effects.chat.push_back(std::move(change));
}

// K4: what is wrong with it, apart from its text.
std::optional<protocol::Failure> problem_of(store::Connection& db, const Conversation& conversation,
                                            const NewMessage& what) {
  if (what.key && (what.key->empty() || what.key->size() > kMostKey))
    return protocol::bad_field("key", "must have 1 to 64 characters");
  if (what.reply_to && !db.exists("SELECT 1 FROM shown_messages WHERE id = ?1 AND conversation_id = ?2", *what.reply_to,
                                  conversation.id))
    return protocol::bad_field("replyTo", "is no message of this conversation");
  return std::nullopt;
}

// G70: a meeting's chat that was switched off is its hosts' alone.
bool is_switched_off(store::Connection& db, const Conversation& conversation, Part part) {
  return conversation.kind == ConversationKind::meeting && part < Part::moderator &&
         db.exists("SELECT 1 FROM meetings WHERE conversation_id = ?1 AND enable_chat = 0", conversation.id);
}

}  // namespace

Messages::Messages(ChatSettings settings) : settings_(settings), keys_(std::make_unique<RecentKeys>()) {}
Messages::~Messages() = default;

void Messages::load_keys(store::Connection& db) { keys_->load(db); }

Outcome<Posted> Messages::post(store::Connection& db, const Identity& who, const NewMessage& what, WallTime now,
                               Effects& effects) const {
  const auto conversation = find_conversation(db, what.conversation_id);
  if (!conversation) return failure(ErrorCode::not_found, "There is no such conversation");
  if (!what.is_member) {
    const Part part = part_of(db, *conversation, who);
    if (part == Part::none) return failure(ErrorCode::not_found, "There is no such conversation");
    if (is_switched_off(db, *conversation, part)) return failure(ErrorCode::chat_disabled);
  }
  auto content = checked_content(what.content, settings_.most_bytes);
  if (!content) return content.error();
  if (auto problem = problem_of(db, *conversation, what)) return std::move(*problem);
  std::optional<std::string> key;
  if (what.key && !who.key().empty()) key = who.key() + '/' + *what.key;
  Message message;
  if (who.is_account()) message.sender_id = who.user_id;
  message.sender_guest = who.is_guest() ? who.guest_id : std::string();
  message.sender_name = sender_name_of(db, who, *conversation, what);
  message.content = std::move(*content);
  message.reply_to = what.reply_to;
  message.created_at = now;
  if (key)
    if (auto first = known_under(*key, db, who, message)) return Posted{std::move(*first), false};
  store_message(db, *conversation, key, message);
  keys_->give_out(message.id);
  if (key && conversation->history == History::none)
    keys_->remember(*key, {message.id, message.conversation_id, message.seq, now}, now);
  else if (key)
    keys_->remember(*key, message.id, now);
  if (who.is_account())  // who speaks has read what was said before
    db.execute("UPDATE conversation_participants SET last_read_seq = ?3 WHERE conversation_id = ?1 AND user_id = ?2",
               conversation->id, who.user_id, message.seq);
  effects.events.push_back(sent_event(who, message, *conversation, settings_));
  tell(db, *conversation, MessagePosted{message}, effects);
  return Posted{std::move(message), true};
}

std::optional<Message> Messages::known_under(const std::string& key, store::Connection& db, const Identity& who,
                                             const Message& again) const {
  if (const auto id = keys_->find(db, key))
    if (auto first = find_message(db, *id, who.key())) return first;
  const auto passed = keys_->find_passed(db, key);
  if (!passed) return std::nullopt;
  Message first = again;
  first.id = passed->id;
  first.conversation_id = passed->conversation_id;
  first.seq = passed->seq;
  first.created_at = passed->created_at;
  return first;
}

std::optional<Message> Messages::announce(store::Connection& db, std::int64_t conversation_id, std::string_view text,
                                          WallTime now, Effects& effects) const {
  const auto conversation = find_conversation(db, conversation_id);
  if (!conversation) return std::nullopt;
  Message message;
  message.sender_name = "System";
  message.is_system = true;
  message.content = text;
  message.created_at = now;
  store_message(db, *conversation, std::nullopt, message);
  keys_->give_out(message.id);
  tell(db, *conversation, MessagePosted{message}, effects);
  return message;
}

Outcome<Message> Messages::edit(store::Connection& db, const Identity& who, const MessageRef& which,
                                std::string_view text, WallTime now, Effects& effects) const {
  auto found = find(db, who, which);
  if (!found) return found.error();
  Message& message = found->message;
  if (message.deleted_at || (found->part == Part::none && !is_author(message, who)))
    return failure(ErrorCode::not_found, "There is no such message");
  if (!is_author(message, who)) return failure(ErrorCode::forbidden, "Only its author edits a message");
  auto content = checked_content(text, settings_.most_bytes);
  if (!content) return content.error();
  store::forget_in_index(db, message.id);
  message.content = std::move(*content);
  message.edited_at = now;
  db.execute("UPDATE messages SET content = ?2, edited_at = ?3 WHERE id = ?1", message.id, message.content, now);
  tell(db, found->conversation, MessageEdited{message}, effects);
  return std::move(message);
}

Outcome<Message> Messages::remove(store::Connection& db, const Identity& who, const MessageRef& which, WallTime now,
                                  Effects& effects) const {
  auto found = find(db, who, which);
  if (!found) return found.error();
  Message& message = found->message;
  if (!is_author(message, who) && found->part < Part::moderator && !(who.is_account() && who.is_admin))
    return failure(ErrorCode::forbidden, "Only its author and moderators delete a message");
  if (message.deleted_at) return std::move(message);
  store::forget_in_index(db, message.id);
  message.content.clear();
  message.reactions.clear();
  message.deleted_at = now;
  db.execute("DELETE FROM message_reactions WHERE message_id = ?1", message.id);
  db.execute("UPDATE messages SET content = '', deleted_at = ?2 WHERE id = ?1", message.id, now);
  Event event{Level::info,
              "chat-service",
              "message_deleted",
              who.username.empty() ? who.name : who.username,
              {{"messageId", message.id}, {"conversationId", message.conversation_id}}};
  effects.events.push_back(std::move(event));
  tell(db, found->conversation, MessageDeleted{message.id}, effects);
  return std::move(message);
}

Outcome<Message> Messages::react(store::Connection& db, const Identity& who, const Reacts& what, WallTime now,
                                 Effects& effects) const {
  if (what.kind.empty() || what.kind.size() > kMostReactionKind)
    return protocol::bad_field("kind", "must have 1 to 32 bytes");
  auto found = find(db, who, what.to);
  if (!found) return found.error();
  Message& message = found->message;
  if (found->part == Part::none || message.deleted_at || who.key().empty())
    return failure(ErrorCode::not_found, "There is no such message");
  std::int64_t changed = 0;
  if (what.how == Reacting::take_back) {
    changed = db.execute("DELETE FROM message_reactions WHERE message_id = ?1 AND kind = ?2 AND reactor = ?3",
                         message.id, what.kind, who.key());
  } else {
    const bool is_known =
        db.exists("SELECT 1 FROM message_reactions WHERE message_id = ?1 AND kind = ?2", message.id, what.kind);
    if (!is_known && static_cast<std::int64_t>(message.reactions.size()) >= kMostKinds)
      return failure(ErrorCode::conflict, "The message has as many reactions as it can");
    changed = db.execute(
        "INSERT OR IGNORE INTO message_reactions(message_id, kind, reactor, created_at) VALUES (?1, ?2, ?3, ?4)",
        message.id, what.kind, who.key(), now);
  }
  load_reactions(db, who.key(), message);
  if (changed != 0) {
    const auto count = db.value<std::int64_t>(
        "SELECT count(*) FROM message_reactions WHERE message_id = ?1 AND kind = ?2", message.id, what.kind);
    const bool is_taken_back = what.how == Reacting::take_back;
    tell(db, found->conversation, MessageReacted{message.id, what.kind, count.value_or(0), who.key(), is_taken_back},
         effects);
  }
  return std::move(message);
}

}  // namespace signaling::service
