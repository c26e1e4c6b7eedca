// ServiceQuestions: answers the hub's questions by running services in transactions of the database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "signaling/gateway/hub_host.h"
#include "signaling/gateway/translate.h"
#include "signaling/service/conversations.h"
#include "signaling/service/effects.h"
#include "signaling/service/guests.h"
#include "signaling/service/host_actions.h"
#include "signaling/service/meetings.h"
#include "signaling/service/messages.h"
#include "signaling/service/rate_limits.h"
#include "signaling/service/recordings.h"
#include "signaling/service/tokens.h"
#include "signaling/service/waiting_room.h"
#include "signaling/store/database.h"

namespace signaling::gateway {

class ServiceQuestions final : public QuestionRunner {
 public:
  // ICE servers for a user of TURN; `done` is called once, from any thread, perhaps at once.
  using IceSource = std::function<void(std::string user, std::function<void(room::IceServers)> done)>;

  // Everything referred to outlives this; services are stateless, so any thread may run them.
  struct Parts {
    store::Database& database;
    const service::Tokens& tokens;
    const service::Guests& guests;
    service::Meetings& meetings;
    const service::WaitingRoom& waiting_room;
    const service::HostActions& host_actions;
    const service::Messages& messages;
    const service::Conversations& conversations;
    const service::Recordings& recordings;
    ConversationNames names;
    IceSource ice;
    std::function<void(service::Effects)> carry_out;  // on a storage thread, after the commit
    std::function<room::Now()> now;                   // on any thread
    // For the metrics, on any thread; may be empty. What became of a token or a guest, and of a try to join.
    std::function<void(std::string_view method, std::string_view result)> count_authentication = {};
    std::function<void(std::string_view result)> count_join = {};
    service::RateLimiter* credentials = nullptr;  // limits.turn_credentials, of every door; null: none
    service::RateLimiter* new_guests = nullptr;   // made from one address; null: as many as come
  };
  explicit ServiceQuestions(Parts parts) : parts_(std::move(parts)) {}
  // Where answers go. Before the first question.
  void answer_to(HubHost& host) { host_ = &host; }

  void run(room::Question question) override;

  void count_authentication(std::string_view method, std::string_view result) const {
    if (parts_.count_authentication) parts_.count_authentication(method, result);
  }

 private:
  // Runs job(db, effects) in a transaction and answers with what it returns.
  template <class Q, class Job>
  void write(room::Ticket ticket, Job job);
  template <class Q, class Job>
  void read(room::Ticket ticket, Job job);
  template <class Job>
  void tell(Job job);

  void ask(room::Ticket ticket, room::AuthenticateToken question);
  void ask(room::Ticket ticket, room::AuthenticateGuest question);
  void ask(room::Ticket ticket, room::JoinMeeting question);
  void ask(room::Ticket ticket, room::EndMeeting question);
  void ask(room::Ticket ticket, room::HandleJoinRequests question);
  void ask(room::Ticket ticket, room::ModerateMeeting question);
  void ask(room::Ticket ticket, room::RecordMeeting question);
  void ask(room::Ticket ticket, room::StoreChat question);
  void ask(room::Ticket ticket, room::EditChat question);
  void ask(room::Ticket ticket, room::DeleteChat question);
  void ask(room::Ticket ticket, room::ReactChat question);
  void ask(room::Ticket ticket, room::ClearChat question);
  void ask(room::Ticket ticket, room::MarkRead question);
  void ask(room::Ticket ticket, room::ReadChat question);
  void ask(room::Ticket ticket, room::OpenConversation question);
  void ask(room::Ticket ticket, room::AskIceServers question);
  void ask(room::Ticket ticket, room::FindAccount question);
  void ask(room::Ticket ticket, room::LeftMeeting told);
  void ask(room::Ticket ticket, room::CancelledRequest told);
  void ask(room::Ticket ticket, room::HostSucceeded told);
  void ask(room::Ticket ticket, room::RecorderLeft told);

  // Somebody who was never here before counts against his address.
  [[nodiscard]] protocol::Outcome<service::GuestSession> let_in(store::Connection& db,
                                                                const room::AuthenticateGuest& question,
                                                                const room::Now& now) const;
  [[nodiscard]] protocol::Outcome<room::JoinAnswer> join(store::Connection& db, const room::JoinMeeting& question,
                                                         service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::ModerateMeeting::Answer> moderate(store::Connection& db,
                                                                          const room::ModerateMeeting& question,
                                                                          service::Effects& effects) const;
  [[nodiscard]] protocol::Outcome<room::ChatPage> page(store::Connection& db, const room::Person& person,
                                                       const std::string& conversation,
                                                       const service::PageRequest& request) const;
  [[nodiscard]] protocol::Outcome<std::int64_t> conversation_id(const std::string& name) const;

  Parts parts_;
  HubHost* host_ = nullptr;
};

}  // namespace signaling::gateway
