// ChatWorld: a database in memory with some people in it and a clock that a test moves.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "signaling/service/chat_retention.h"
#include "signaling/service/conversations.h"
#include "signaling/service/messages.h"
#include "signaling/store/search_index.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::service {

class ChatWorld : public testing::Test {
 protected:
  Identity account(const std::string& name) {
    Identity who;
    who.kind = Identity::Kind::account;
    who.user_id =
        db.insert("INSERT INTO users(username, name, email, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)", name,
                  "Name of " + name, name + "@example.org", now);
    who.name = "Name of " + name;
    who.username = name;
    return who;
  }
  static Identity guest(const std::string& id, const std::string& name) {
    Identity who;
    who.kind = Identity::Kind::guest;
    who.guest_id = id;
    who.name = name;
    return who;
  }

  ConversationView group(const Identity& owner, const std::vector<Identity>& members = {}) {
    NewGroup fresh{"Team", {}};
    for (const Identity& member : members) fresh.members.push_back(member.user_id);
    return conversations.create_group(db, owner, fresh, now, effects).value();
  }
  std::int64_t direct(const Identity& one, const Identity& other) {
    return conversations.open_direct(db, one, other.user_id, now, effects).value().view.conversation.id;
  }
  Message say(const Identity& who, std::int64_t conversation, const std::string& text) {
    return messages.post(db, who, {conversation, text}, now, effects).value().message;
  }
  std::vector<std::string> texts(const std::vector<Message>& of) {
    std::vector<std::string> found;
    for (const Message& message : of) found.push_back(message.content);
    return found;
  }
  std::vector<std::string> history(const Identity& who, std::int64_t conversation, const PageRequest& request = {}) {
    return texts(messages.page(db, who, conversation, request).value().messages);
  }
  std::vector<std::string> found(const Identity& who, std::int64_t conversation, const std::string& words) {
    while (store::index_some(db, 100)) continue;
    return texts(messages.search(db, who, conversation, words, {}).value().messages);
  }
  // Anna's meeting with its conversation; she is in.
  std::int64_t meeting(const Identity& host, History kept = History::session) {
    const std::int64_t id = create_meeting_conversation(db, "Meeting", kept, now);
    meeting_id = db.insert(
        "INSERT INTO meetings(uuid, code, host_id, conversation_id, status, created_at, updated_at)"
        " VALUES ('u' || ?1, 'C' || ?1, ?2, ?1, 'active', ?3, ?3)",
        id, host.user_id, now);
    enter(host, "host");
    return id;
  }
  void enter(const Identity& who, const std::string& role = "participant") {
    db.execute(
        "INSERT INTO meeting_participants(meeting_id, user_id, guest_id, guest_name, role, joined_at)"
        " VALUES (?1, ?2, nullif(?3, ''), ?4, ?5, ?6)",
        meeting_id, who.is_account() ? std::optional(who.user_id) : std::nullopt, who.guest_id, who.name, role, now);
  }
  void leave(const Identity& who) {
    db.execute("UPDATE meeting_participants SET left_at = ?2, left_reason = 'left' WHERE user_id = ?1 OR guest_id = ?3",
               who.user_id, now, who.guest_id);
  }
  // Whatever goes by itself, as often as there is more.
  void sweep(const ChatRetention& retention = {}) {
    while (sweep_cleared(db, 1)) continue;
    while (sweep_outlived(db, retention, now, 1)) continue;
    while (sweep_old(db, retention, now, 1)) continue;
  }
  // The last thing told of type What; the test fails when the last was something else.
  template <class What>
  What last_told() {
    if (effects.chat.empty() || !std::holds_alternative<What>(effects.chat.back().what)) {
      ADD_FAILURE() << "nothing of that kind was told last";
      return {};
    }
    return std::get<What>(effects.chat.back().what);
  }

  store::MemoryDatabase db;
  WallTime now = store::kToday;
  Effects effects;
  Messages messages{ChatSettings{}};
  Conversations conversations{{}};
  Identity anna = account("anna");
  Identity bob = account("bob");
  Identity carl = account("carl");
  Identity nobody;
  std::int64_t meeting_id = 0;
};

template <class T>
protocol::ErrorCode code_of(const protocol::Outcome<T>& outcome) {
  return outcome ? protocol::ErrorCode::internal : outcome.error().code;
}

}  // namespace signaling::service
