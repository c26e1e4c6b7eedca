// The reading half of Chat: histories, subscriptions, and what was said elsewhere.
#include <algorithm>
#include <utility>

#include "signaling/room/chat.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::Outcome;
using protocol::ServerType;

void Chat::history(Session& session, const Asker& asker, const protocol::ChatHistory& history) {
  std::string id = conversation(session, asker, history.conversation_id);
  if (id.empty()) return;
  const bool member = is_member(session, id);
  // What is found begins with the newest, wherever it is looked for.
  const PageEnd keep = history.after && !history.q ? PageEnd::oldest : PageEnd::newest;
  if (member && session.member->room.is_call) {
    FrameWriter ok(ServerType::ok, asker.id);
    write_page(ok.json(), {id, 1, session.member->room.call_seq, true, {}}, keep);
    return asker.id.empty() ? void() : core_.reply_unkept(asker, ok.finish());
  }
  core_.ask(ReadChat{session.person, std::move(id), member, history.before, history.after, history.limit, history.q,
                     history.reactions},
            [this, asker, keep](Outcome<ChatPage>& page) {
              if (!page) return core_.fail(asker, page.error());
              if (asker.id.empty()) return;
              FrameWriter ok(ServerType::ok, asker.id);
              write_page(ok.json(), *page, keep);
              core_.reply_unkept(asker, ok.finish());
            });
}

void Chat::subscribe(Session& session, const Asker& asker, const std::string& conversation_id,
                     std::optional<std::int64_t> after) {
  const OpenConversation question{session.person, conversation_id, is_member(session, conversation_id), after};
  const bool was_there = is_there(session.person.id, conversation_id);
  core_.ask(question, [this, asker, was_there](Outcome<ChatPage>& page) {
    if (!page) return core_.fail(asker, page.error());
    Session* const session = core_.find(asker.session);
    if (session == nullptr) return;
    // He left while he was asked about.
    if (was_there && !is_there(session->person.id, page->conversation_id))
      return core_.fail(asker, ErrorCode::forbidden);
    if (session->conversations.insert(page->conversation_id).second)
      subscribers_[page->conversation_id].push_back(session);
    if (!asker.id.empty()) {
      FrameWriter ok(ServerType::ok, asker.id);
      ok.text("conversationId", page->conversation_id).integer("lastSeq", page->last_seq).integer("epoch", page->epoch);
      core_.reply(asker, ok.finish());
    }
    for (const protocol::ChatLine& line : page->lines) {
      FrameWriter frame(ServerType::chat);
      write_members(frame.json(), line);
      core_.push(*session, frame.finish());
    }
  });
}

void Chat::unsubscribe(Session& session, const Asker& asker, const std::string& conversation_id) {
  drop_subscription(session, conversation_id);
  core_.ok(asker);
}

void Chat::drop_subscription(Session& session, const std::string& conversation_id) {
  if (session.conversations.erase(conversation_id) == 0) return;
  auto& subscribers = subscribers_[conversation_id];
  std::erase(subscribers, &session);
  if (subscribers.empty()) subscribers_.erase(conversation_id);
}

void Chat::on_session_end(Session& session) {
  while (!session.conversations.empty()) drop_subscription(session, std::string(*session.conversations.begin()));
}

void Chat::on_departed(const std::string& person_id, const std::string& conversation_id) {
  if (is_there(person_id, conversation_id)) return;
  for (Session* session : core_.sessions_of(person_id)) drop_subscription(*session, conversation_id);
}

void Chat::on_notice(const ChatPosted& notice) { fan_out(notice.line, nullptr); }

void Chat::on_notice(const ChatEdited& notice) {
  FrameWriter frame(ServerType::chat_edited);
  frame.text("messageId", notice.line.message_id).text("conversationId", notice.line.conversation_id);
  frame.text("message", notice.line.message).time("editedAt", notice.line.edited_at);
  to_readers(notice.line.conversation_id, frame.finish());
}

void Chat::on_notice(const ChatDeleted& notice) {
  FrameWriter frame(ServerType::chat_deleted);
  frame.text("messageId", notice.message_id).text("conversationId", notice.conversation_id);
  to_readers(notice.conversation_id, frame.finish());
}

// Not by to_readers(): what is kept of the lobby shows no reactions, so that it stays as it is.
void Chat::on_notice(const ChatReacted& notice) {
  FrameWriter writer(ServerType::chat_reacted);
  writer.text("messageId", notice.message_id).text("conversationId", notice.conversation_id);
  writer.text("kind", notice.kind).integer("count", notice.count).text("userId", notice.person_id);
  if (notice.removed) writer.boolean("removed", true);
  const protocol::SharedFrame frame = writer.finish();
  each_reader(notice.conversation_id, [&](Session& reader) { core_.push(reader, frame); });
}

void Chat::on_notice(const ChatCleared& notice) {
  FrameWriter frame(ServerType::chat_cleared);
  frame.text("conversationId", notice.conversation_id).integer("epoch", notice.epoch);
  to_readers(notice.conversation_id, frame.finish());
}

void Chat::on_notice(const ChatMarkedRead& notice) { show_marker(notice, nullptr); }

// To his other sessions, and to the others who are in it, subscribed or not.
void Chat::show_marker(const ChatMarkedRead& marker, const Session* by) {
  FrameWriter writer(ServerType::chat_read);
  writer.text("conversationId", marker.conversation_id).text("userId", marker.person_id);
  const protocol::SharedFrame frame = writer.integer("seq", marker.seq).finish();
  for (Session* own : core_.sessions_of(marker.person_id)) {
    if (own != by) core_.push(*own, frame);
  }
  for (const std::string& reader : marker.readers) {
    if (reader == marker.person_id) continue;
    for (Session* session : core_.sessions_of(reader)) core_.push(*session, frame);
  }
}

void Chat::on_notice(const ConversationLeft& notice) {
  for (Session* session : core_.sessions_of(notice.person_id)) drop_subscription(*session, notice.conversation_id);
}

// Without subscription: nobody can have one to a conversation that is new to him.
void Chat::on_notice(const ConversationChanged& notice) {
  FrameWriter writer(ServerType::conversation_changed);
  const protocol::SharedFrame frame = writer.text("conversationId", notice.conversation_id).finish();
  for (const std::string& person : notice.person_ids) {
    for (Session* session : core_.sessions_of(person)) core_.push(*session, frame);
  }
}

}  // namespace signaling::room
