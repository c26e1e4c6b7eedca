// ChatAnswers: what the hub asks about chat, answered by the services that also serve HTTP.
#pragma once

#include "signaling/protocol/failure.h"
#include "signaling/room/question.h"
#include "signaling/service/conversations.h"
#include "signaling/service/effects.h"
#include "signaling/service/messages.h"
#include "signaling/store/connection.h"

namespace signaling::gateway {

// On a storage thread, inside a transaction: reading questions in one that reads, the others in one that writes. What
// the hub tells its sockets by itself (it asked) is not in `effects.chat`. Outsiders hear `forbidden` (G68, G70).
class ChatAnswers {
 public:
  using WallTime = service::WallTime;
  // A history fits into a frame (G87).
  static constexpr std::size_t kMostHistoryBytes = 200 * 1024;

  // The services outlive it.
  ChatAnswers(const service::Messages& messages, const service::Conversations& conversations)
      : messages_(messages), conversations_(conversations) {}

  [[nodiscard]] protocol::Outcome<room::StoreChat::Answer> answer(store::Connection& db, const room::StoreChat& asked,
                                                                  WallTime now, service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::EditChat::Answer> answer(store::Connection& db, const room::EditChat& asked,
                                                                 WallTime now, service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::DeleteChat::Answer> answer(store::Connection& db, const room::DeleteChat& asked,
                                                                   WallTime now, service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::ClearChat::Answer> answer(store::Connection& db, const room::ClearChat& asked,
                                                                  service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::MarkRead::Answer> answer(store::Connection& db, const room::MarkRead& asked,
                                                                 WallTime now, service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::ChatPage> answer(store::Connection& db, const room::ReadChat& asked) const;
  [[nodiscard]] protocol::Outcome<room::ChatPage> answer(store::Connection& db,
                                                         const room::OpenConversation& asked) const;
  // The newest lines of a meeting's chat, for somebody who is let in.
  [[nodiscard]] room::ChatPage newest(store::Connection& db, std::int64_t conversation_id) const;

 private:
  const service::Messages& messages_;
  const service::Conversations& conversations_;
};

}  // namespace signaling::gateway
