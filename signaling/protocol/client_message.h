// What a client of signald.v1 can say: one struct for each message type (the table of 2.3), and a request that carries
// one.
//
// A std::string_view in here is a slice of JSON in the frame that was parsed, checked and otherwise opaque; it lives as
// long as that frame.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/protocol/meeting_terms.h"

namespace signaling::protocol {

struct GuestLogin {
  std::string name;
  std::string secret;  // empty: a new guest
};
struct ResumePoint {
  std::string session_id;
  std::string resume_token;
  std::uint64_t s = 0;  // the last one received
};
struct Auth {
  std::optional<std::string> token;
  std::optional<GuestLogin> guest;
  std::optional<ResumePoint> resume;
  bool perfect_negotiation = false;  // client.features names it
};
struct AuthRefresh {
  std::string token;
};
struct Ping {
  std::string_view t;  // sent back as it is; empty: none
};

struct Join {
  std::string meeting_id;  // UUID or code
  std::optional<std::string> user_id;
  std::optional<std::string> password;
  std::optional<std::string> name;
  std::optional<std::string> invite_token;
  MediaChange media;
  bool replace = false;
  std::string peer_id;  // empty: a new one
};
struct Leave {};
struct End {
  bool alias = false;  // spelt end_meeting
};

enum class RelayKind : std::uint8_t { offer, answer, description, ice_candidate };
// What of the negotiation a relayed message is, as far as the relay has to know.
enum class SdpType : std::uint8_t { none, offer, answer, other };
struct Relay {
  RelayKind kind = RelayKind::offer;
  SdpType sdp = SdpType::none;
  std::string target_id;   // empty: the only other peer
  std::string_view value;  // the offer, answer, description or candidate
  std::string_view n;      // the negotiation id; empty: none
  bool alias = false;      // spelt candidate
};
struct IceRequest {
  std::string reason;
};

struct Media {
  MediaChange change;
};
struct Hand {
  bool raised = false;
};
struct Reaction {
  std::string kind;
};
struct Caption {
  std::string text;
  bool final = true;
};
struct Data {
  std::string target_id;  // empty: everybody else
  std::string topic;
  std::string_view payload;
  bool is_volatile = false;
};

struct Chat {
  std::string message;
  std::string target_id;        // not empty: to that peer alone
  std::string conversation_id;  // empty: the meeting's
  std::string reply_to;
  std::string key;
  bool alias = false;  // spelt chat_message
};
struct ChatEdit {
  std::string message_id, message;
};
struct ChatDelete {
  std::string message_id;
};
struct ChatReact {
  std::string message_id, kind;
  bool remove = false;  // takes it back
};
struct ChatClear {
  std::string conversation_id;
};
struct ChatRead {
  std::string conversation_id;
  std::int64_t seq = 0;
};
struct Typing {
  std::string conversation_id;
  bool is_typing = true;
};
struct ChatHistory {
  std::string conversation_id;
  std::optional<std::int64_t> before, after;
  std::int64_t limit = 50;
  std::optional<std::string> q;  // only lines that hold all of its words
  bool reactions = true;
};

enum class Topic : std::uint8_t { presence, notifications, meetings, logs, stats };
[[nodiscard]] std::string_view to_string(Topic topic);
struct Subscribe {
  std::variant<std::string, Topic> what;  // a conversation's id, or a topic
  std::optional<std::int64_t> after;
};
struct Unsubscribe {
  std::variant<std::string, Topic> what;
};

enum class CallAction : std::uint8_t { invite, accept, decline, cancel, end };
[[nodiscard]] std::string_view to_string(CallAction action);
struct Call {
  CallAction action = CallAction::invite;
  std::string call_id;
  std::string to;  // user id or username
  std::string_view media;
};

struct HandleRequests {
  bool admit = true;
  bool all = false;
  std::vector<std::string> request_ids;
};

enum class ModerateAction : std::uint8_t {
  mute,
  ask_unmute,
  stop_video,
  stop_screen,
  kick,
  ban,
  role,
  lock,
  unlock,
  mute_all,
  lower_hands,
  spotlight,
  settings,
};
[[nodiscard]] std::string_view to_string(ModerateAction action);
[[nodiscard]] std::optional<ModerateAction> moderate_action(std::string_view name);
struct Moderate {
  ModerateAction action = ModerateAction::mute;
  std::string target_id;
  std::string_view value;  // empty: none
};

struct Recording {
  bool start = true;
  std::optional<bool> consent;  // what the people were asked, and said
};
struct PeerStats {
  std::string_view peers;  // an object: by peerId
};

using ClientMessage =
    std::variant<Ping, Relay, Data, Chat, Auth, AuthRefresh, Join, Leave, End, IceRequest, Media, Hand, Reaction,
                 Caption, ChatEdit, ChatDelete, ChatReact, ChatClear, ChatRead, Typing, ChatHistory, Subscribe,
                 Unsubscribe, Call, HandleRequests, Moderate, Recording, PeerStats>;

}  // namespace signaling::protocol
