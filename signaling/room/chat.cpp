#include "signaling/room/chat.h"

#include <algorithm>
#include <utility>

#include "signaling/room/names.h"

namespace signaling::room {

using protocol::bad_field;
using protocol::ChatLine;
using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::Outcome;
using protocol::ServerType;
using protocol::SharedFrame;

namespace {

constexpr std::string_view kLobby = "general";

}  // namespace

bool Chat::is_member(const Session& session, const std::string& conversation_id) {
  return session.member != nullptr && session.member->room.facts.conversation_id == conversation_id;
}

bool Chat::is_there(const std::string& person_id, const std::string& conversation_id) const {
  return std::ranges::any_of(core_.sessions_of(person_id),
                             [&](const Session* each) { return is_member(*each, conversation_id); });
}

std::string Chat::conversation(Session& session, const Asker& asker, const std::string& named) {
  if (!named.empty()) return named;
  if (session.member != nullptr && !session.member->room.facts.conversation_id.empty())
    return session.member->room.facts.conversation_id;
  core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  return {};
}

void Chat::say(Session& session, const Asker& asker, const protocol::Chat& chat) {
  session.hears_message |= chat.alias;
  if (trimmed(chat.message).empty()) return core_.fail(asker, bad_field("message", "is empty"));
  if (core_.settings.message_bytes > 0 && chat.message.size() > core_.settings.message_bytes)
    return core_.fail(asker, ErrorCode::too_large);
  if (session.waiting && (chat.conversation_id.empty() || !chat.target_id.empty()))
    return core_.fail(asker, ErrorCode::waiting);
  if (!chat.target_id.empty()) return say_privately(session, asker, chat);
  std::string id = conversation(session, asker, chat.conversation_id);
  if (id.empty()) return;
  const bool member = is_member(session, id);
  if (member && !session.member->room.facts.settings.enable_chat && !session.member->is_moderator())
    return core_.fail(asker, ErrorCode::chat_disabled);
  if (member && session.member->room.is_call) return say_in_call(session, asker, chat);
  if (id == kLobby && !session.conversations.contains(id))
    return core_.fail(asker, protocol::failure(ErrorCode::forbidden, "Subscribe to the lobby first"));
  StoreChat question{session.person, std::move(id), member, {}, {}, chat.message, chat.reply_to, chat.key};
  if (member) {
    question.name = session.member->name;
    question.from_id = session.member->peer_id;
  }
  core_.ask(std::move(question), [this, asker](Outcome<StoreChat::Answer>& stored) {
    if (!stored) return core_.fail(asker, stored.error());
    acknowledge(asker, stored->line);
    if (!stored->is_repetition) fan_out(stored->line, core_.find(asker.session));
  });
}

// To that peer and the sender's sessions; nothing is stored (G62).
void Chat::say_privately(Session& session, const Asker& asker, const protocol::Chat& chat) {
  if (session.member == nullptr) return core_.fail(asker, ErrorCode::not_joined);
  const Member& from = *session.member;
  Member* const to = from.room.find(chat.target_id);
  if (to == nullptr || to == &from) return core_.fail(asker, ErrorCode::peer_not_found);
  if (!from.room.facts.settings.enable_chat && !from.is_moderator()) return core_.fail(asker, ErrorCode::chat_disabled);
  ChatLine line;
  line.message_id = core_.random_id(8);
  line.conversation_id = from.room.facts.conversation_id;
  line.from_id = from.peer_id;
  line.user_id = session.person.id;
  line.username = from.name;
  line.message = chat.message;
  line.timestamp = core_.now.wall;
  acknowledge(asker, line);
  FrameWriter writer(ServerType::chat);
  write_members(writer.json(), line);
  const SharedFrame frame = writer.text("targetId", chat.target_id).finish();
  core_.push(*to->session, frame);
  for (Session* own : core_.sessions_of(session.person.id)) {
    if (own != to->session) core_.push(*own, frame);
  }
}

// The chat of a call lasts as long as the call.
void Chat::say_in_call(Session& session, const Asker& asker, const protocol::Chat& chat) {
  Member& from = *session.member;
  ChatLine line;
  line.message_id = core_.random_id(8);
  line.conversation_id = from.room.facts.conversation_id;
  line.from_id = from.peer_id;
  line.user_id = session.person.id;
  line.username = from.name;
  line.message = chat.message;
  line.timestamp = core_.now.wall;
  line.seq = ++from.room.call_seq;
  acknowledge(asker, line);
  fan_out(line, &session);
}

void Chat::acknowledge(const Asker& asker, const ChatLine& line) {
  ++core_.counts.chat_lines;
  if (asker.id.empty()) return;
  FrameWriter ok(ServerType::ok, asker.id);
  ok.text("messageId", line.message_id);
  if (line.seq > 0) ok.integer("seq", line.seq);
  core_.reply(asker, ok.time("timestamp", line.timestamp).finish());
}

void Chat::fan_out(const ChatLine& line, Session* sender) {
  FrameWriter writer(ServerType::chat);
  write_members(writer.json(), line);
  const SharedFrame frame = writer.finish();
  if (line.conversation_id == kLobby) lobby_tail_.add(line.seq, frame);
  SharedFrame alias;
  bool sender_heard = sender == nullptr;
  each_reader(line.conversation_id, [&](Session& reader) {
    core_.push(reader, frame);
    sender_heard |= &reader == sender;
    if (!reader.hears_message) return;
    if (!alias) {
      FrameWriter spelt(ServerType::message);
      write_members(spelt.json(), line);
      alias = spelt.finish();
    }
    core_.push(reader, alias);
  });
  if (!sender_heard) core_.push(*sender, frame);
}

void Chat::to_readers(const std::string& conversation_id, const SharedFrame& frame) {
  if (conversation_id == kLobby) ++lobby_tail_.changes;
  each_reader(conversation_id, [&](Session& reader) { core_.push(reader, frame); });
}

void Chat::edit(Session& session, const Asker& asker, const protocol::ChatEdit& edit) {
  if (trimmed(edit.message).empty()) return core_.fail(asker, bad_field("message", "is empty"));
  if (core_.settings.message_bytes > 0 && edit.message.size() > core_.settings.message_bytes)
    return core_.fail(asker, ErrorCode::too_large);
  core_.ask(EditChat{session.person, edit.message_id, edit.message}, [this, asker](Outcome<EditChat::Answer>& edited) {
    if (!edited) return core_.fail(asker, edited.error());
    core_.ok(asker);
    on_notice(ChatEdited{edited->line});
  });
}

void Chat::remove(Session& session, const Asker& asker, const protocol::ChatDelete& chat) {
  DeleteChat question{session.person, chat.message_id, {}};
  if (session.member != nullptr && session.member->is_moderator())
    question.moderated_conversation = session.member->room.facts.conversation_id;
  core_.ask(std::move(question), [this, asker](Outcome<DeleteChat::Answer>& deleted) {
    if (!deleted) return core_.fail(asker, deleted.error());
    core_.ok(asker);
    on_notice(ChatDeleted{deleted->message_id, deleted->conversation_id});
  });
}

void Chat::react(Session& session, const Asker& asker, const protocol::ChatReact& react) {
  core_.ask(ReactChat{session.person, react.message_id, react.kind, react.remove},
            [this, asker](Outcome<Done>& done) { done ? core_.ok(asker) : core_.fail(asker, done.error()); });
}

void Chat::clear(Session& session, const Asker& asker, const protocol::ChatClear& clear) {
  std::string id = conversation(session, asker, clear.conversation_id);
  if (id.empty()) return;
  const bool moderator = is_member(session, id) && session.member->is_moderator();
  if (is_member(session, id) && !moderator) return core_.fail(asker, ErrorCode::forbidden);
  core_.ask(ClearChat{session.person, std::move(id), moderator}, [this, asker](Outcome<ClearChat::Answer>& cleared) {
    if (!cleared) return core_.fail(asker, cleared.error());
    core_.ok(asker);
    on_notice(ChatCleared{cleared->conversation_id, cleared->epoch});
  });
}

void Chat::mark_read(Session& session, const Asker& asker, const protocol::ChatRead& read) {
  std::string id = conversation(session, asker, read.conversation_id);
  if (id.empty()) return;
  core_.ask(MarkRead{session.person, std::move(id), read.seq}, [this, asker](Outcome<MarkRead::Answer>& marked) {
    if (!marked) return core_.fail(asker, marked.error());
    core_.ok(asker);
    const Session* const session = core_.find(asker.session);
    if (session == nullptr) return;
    show_marker({marked->conversation_id, session->person.id, marked->seq, std::move(marked->readers)}, session);
  });
}

void Chat::typing(Session& session, const Asker& asker, const protocol::Typing& typing) {
  const std::string id = conversation(session, asker, typing.conversation_id);
  if (id.empty()) return;
  if (!is_member(session, id) && !session.conversations.contains(id)) return core_.fail(asker, ErrorCode::forbidden);
  const bool here = is_member(session, id);
  FrameWriter writer(ServerType::typing);
  writer.text_or_null("fromId", here ? session.member->peer_id : std::string()).text("userId", session.person.id);
  writer.text("username", here ? session.member->name : session.person.username).text("conversationId", id);
  const SharedFrame frame = writer.boolean("isTyping", typing.is_typing).finish();
  each_reader(id, [&](Session& reader) {
    if (&reader != &session) core_.push_volatile(reader, frame);
  });
  core_.ok(asker);
}

}  // namespace signaling::room
