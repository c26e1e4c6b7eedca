// Question: what the hub asks of services, each with the type of its answer. The hub never waits: the answer comes back
// as Hub::on_answer with the question's ticket, as often as not in another order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/client_message.h"
#include "signaling/protocol/failure.h"
#include "signaling/room/ids.h"
#include "signaling/room/meeting_facts.h"
#include "signaling/room/person.h"

namespace signaling::room {

struct Done {};

// Who holds this access token? unauthenticated, token_expired.
struct AuthenticateToken {
  using Answer = Person;
  std::string token;
  std::string address;
};

// A guest of that name, or the one whose secret it is (G17). bad_request, username_taken by an account, forbidden.
struct AuthenticateGuest {
  struct Answer {
    Person person;
    std::string secret;
  };
  std::string name;
  std::string secret;
  std::string address;
};

// The access decision and what follows from it in storage, in one transaction with the beginning of the chat.
struct JoinMeeting {
  using Answer = JoinAnswer;
  Person person;
  std::string meeting;  // UUID or code, as the client wrote it
  std::optional<std::string> password;
  std::optional<std::string> invite_token;
  std::string name;  // shown in the meeting
  // The row's connection_id: one that is his already, or what begins it; services add whose it is (Admission::peer_id).
  std::string peer_id, peer_seed;
  std::string address;  // service::address_key(): the same at every door
  protocol::MediaChange media;
  // peerIds of his other sessions, in a meeting or about to be, or what they begin with, unless this one is to replace
  // them: where one of them sits already, he is refused and nothing is stored (G23).
  std::vector<std::string> others = {};
};

struct EndMeeting {
  using Answer = Done;
  std::string meeting_id;
  Person by;
};

// Approves or denies join requests. The answer: the ones that were pending and are handled now.
struct HandleJoinRequests {
  using Answer = std::vector<std::string>;
  std::string meeting_id;
  Person by;
  bool approve = true;
  bool all = false;
  std::vector<std::string> request_ids;
};

// lock, unlock, settings, role, kick, ban: what has to outlive the room. The hub has checked that `by` may.
struct ModerateMeeting {
  struct Answer {
    bool locked = false;
    protocol::MeetingSettings settings;
  };
  std::string meeting_id;
  Person by;
  protocol::ModerateAction action = protocol::ModerateAction::lock;
  std::string target_id;  // Person::id of role, kick and ban
  std::int64_t participant_id = 0;
  protocol::Role role = protocol::Role::participant;
  std::string settings;  // JSON object of `settings`
};

struct RecordMeeting {
  using Answer = Done;
  std::string meeting_id;
  Person by;
  bool start = true;
};

struct StoreChat {
  struct Answer {
    protocol::ChatLine line;
    bool is_repetition = false;  // this key was stored before: nothing is pushed (G63)
  };
  Person person;
  std::string conversation_id;
  bool is_member = false;  // the hub vouches: he is in the conversation's meeting
  std::string name;        // the name shown in the meeting; else empty
  std::string from_id;     // peerId; goes into the line
  std::string message;
  std::string reply_to;
  std::string key;
};

struct EditChat {
  struct Answer {
    protocol::ChatLine line;
  };
  Person person;
  std::string message_id;
  std::string message;
};

struct DeleteChat {
  struct Answer {
    std::string message_id;
    std::string conversation_id;
  };
  Person person;
  std::string message_id;
  std::string moderated_conversation;  // of the meeting in which he is host or co-host; else empty
};

// Whether that changed anything services know alone: readers hear of it by a notice (ChatReacted).
struct ReactChat {
  using Answer = Done;
  Person person;
  std::string message_id;
  std::string kind;
  bool remove = false;
};

struct ClearChat {
  struct Answer {
    std::string conversation_id;
    std::int64_t epoch = 1;
  };
  Person person;
  std::string conversation_id;
  bool is_moderator = false;
};

struct MarkRead {
  struct Answer {
    std::string conversation_id;
    std::int64_t seq = 0;
    std::vector<std::string> readers;  // ChatMarkedRead::readers; empty also when it has not moved
  };
  Person person;
  std::string conversation_id;
  std::int64_t seq = 0;
};

// A page of a conversation, or of what is found there. The last members are ChatHistory's; forbidden for outsiders.
struct ReadChat {
  using Answer = ChatPage;
  Person person;
  std::string conversation_id;
  bool is_member = false;
  std::optional<std::int64_t> before, after;
  std::int64_t limit = 50;
  std::optional<std::string> q = {};
  bool reactions = true;
};

// May he listen, and what has he missed since `after`? Answered in the order of StoreChat answers, or a line would be
// lost between the two.
struct OpenConversation {
  using Answer = ChatPage;
  Person person;
  std::string conversation_id;
  bool is_member = false;
  std::optional<std::int64_t> after;
};

// rate_limited, where he asks himself.
struct AskIceServers {
  using Answer = IceServers;
  Person person;
  bool is_request = false;  // his own: limits.turn_credentials counts it
};

// Is there an account of this id or username? Asked only when nobody of that name is connected.
struct FindAccount {
  using Answer = bool;
  std::string id_or_username;
};

// Told, not asked: nothing depends on the answer.

// Does nothing when the row has another connection_id than `peer_id` by now: the person came back meanwhile.
struct LeftMeeting {
  std::string peer_id;
  std::int64_t participant_id = 0;
  protocol::LeaveReason reason = protocol::LeaveReason::left;
};
struct CancelledRequest {
  std::string meeting_id;
  std::string request_id;
};
struct HostSucceeded {
  std::string meeting_id;
  std::string person_id;
  std::int64_t participant_id = 0;
};
// Who recorded has left, and his browser with him.
struct RecorderLeft {
  std::string meeting_id;
};

struct Question {
  Ticket ticket;  // 0: told
  std::variant<StoreChat, AuthenticateToken, AuthenticateGuest, JoinMeeting, EndMeeting, HandleJoinRequests,
               ModerateMeeting, RecordMeeting, EditChat, DeleteChat, ReactChat, ClearChat, MarkRead, ReadChat,
               OpenConversation, AskIceServers, FindAccount, LeftMeeting, CancelledRequest, HostSucceeded, RecorderLeft>
      what;
};

// The answer to any question: one of the Outcomes above.
using Answer = std::variant<protocol::Outcome<StoreChat::Answer>, protocol::Outcome<AuthenticateToken::Answer>,
                            protocol::Outcome<AuthenticateGuest::Answer>, protocol::Outcome<JoinMeeting::Answer>,
                            protocol::Outcome<Done>, protocol::Outcome<HandleJoinRequests::Answer>,
                            protocol::Outcome<ModerateMeeting::Answer>, protocol::Outcome<EditChat::Answer>,
                            protocol::Outcome<DeleteChat::Answer>, protocol::Outcome<ClearChat::Answer>,
                            protocol::Outcome<MarkRead::Answer>, protocol::Outcome<ChatPage>,
                            protocol::Outcome<IceServers>, protocol::Outcome<FindAccount::Answer>>;

}  // namespace signaling::room
