#include "signaling/protocol/client_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "signaling/protocol/chat_fields.h"
#include "signaling/protocol/json_members.h"
#include "signaling/protocol/text_length.h"

namespace signaling::protocol {
namespace {

std::variant<std::string, Topic> conversation_or_topic(FieldReader& in) {
  if (const auto topic = in.optional_text("topic")) {
    for (const Topic each : {Topic::presence, Topic::notifications, Topic::meetings, Topic::logs, Topic::stats}) {
      if (to_string(each) == *topic) return each;
    }
    in.refuse("topic", "is unknown");
  }
  return in.id("conversationId");
}

MediaChange media_change(FieldReader& in) {
  return {in.optional_flag("audio"), in.optional_flag("video"), in.optional_flag("screen"),
          in.optional_texts("tracks", 1024)};
}

void read_guest(FieldReader& in, Auth& auth) {
  const auto guest = in.optional_object("guest");
  if (!guest) return;
  FieldReader fields(*guest);
  auth.guest = GuestLogin{fields.text("name"), fields.text_or_empty("secret")};
  if (!fields.ok()) in.refuse("guest", fields.problem()->message);
}

void read_resume(FieldReader& in, Auth& auth) {
  const auto resume = in.optional_object("resume");
  if (!resume) return;
  FieldReader fields(*resume);
  ResumePoint point;
  point.session_id = fields.id("sessionId");
  point.resume_token = fields.text("resumeToken");
  // A number that cannot be one of ours counts as a session that is gone, not as a mistake (G77).
  point.s = static_cast<std::uint64_t>(fields.optional_integer("s").value_or(0));
  auth.resume = std::move(point);
  if (!fields.ok()) in.refuse("resume", fields.problem()->message);
}

ClientMessage read_auth(FieldReader& in) {
  Auth auth;
  auth.token = in.optional_text("token");
  read_guest(in, auth);
  read_resume(in, auth);
  if (const auto client = in.optional_object("client")) {
    for (const std::string_view feature :
         json_elements(client->value("features").value_or("[]")).value_or(std::vector<std::string_view>{})) {
      if (json_string(feature) == "perfect-negotiation") auth.perfect_negotiation = true;
    }
  }
  return auth;
}

ClientMessage read_join(FieldReader& in) {
  Join join;
  join.meeting_id = in.id("meetingId");
  join.user_id = in.optional_id("userId");
  join.password = in.optional_text("password");
  join.name = in.optional_text("name");
  join.invite_token = in.optional_text("inviteToken");
  if (const auto media = in.optional_object("media")) {
    FieldReader fields(*media);
    join.media = media_change(fields);
    if (!fields.ok()) in.refuse("media", fields.problem()->message);
  }
  join.replace = in.flag_or("replace", false);
  join.peer_id = in.id_or_empty("peerId");
  return join;
}

SdpType sdp_type(std::string_view description) {
  const auto members = JsonMembers::parse(description);
  const auto type = members ? members->value("type") : std::nullopt;
  if (!type) return SdpType::other;
  return *type == R"("offer")" ? SdpType::offer : *type == R"("answer")" ? SdpType::answer : SdpType::other;
}

ClientMessage read_relay(FieldReader& in, RelayKind kind, std::string_view field, bool alias = false) {
  Relay relay;
  relay.kind = kind;
  relay.alias = alias;
  relay.target_id = in.id_or_empty("targetId");
  relay.value = in.raw(field);
  relay.n = in.raw_or_empty("n");
  const char first = relay.value.front();
  if (kind == RelayKind::description) {
    if (first != '{') in.refuse(field, "must be an object");
    relay.sdp = sdp_type(relay.value);
  } else if (kind == RelayKind::ice_candidate) {
    if (first != '{' && first != '[' && relay.value != "null") in.refuse(field, "must be an object, an array or null");
  } else {
    if (first != '{' && first != '"') in.refuse(field, "must be an object or a string");
    relay.sdp = kind == RelayKind::offer ? SdpType::offer : SdpType::answer;
  }
  return relay;
}

ClientMessage read_ice_request(FieldReader& in) {
  const auto reason = in.optional_text("reason");
  if (reason && *reason != "initial" && *reason != "refresh" && *reason != "restart")
    in.refuse("reason", "must be initial, refresh or restart");
  return IceRequest{reason.value_or("")};
}

ClientMessage read_reaction(FieldReader& in) {
  Reaction reaction{in.text("kind")};
  if (reaction.kind.empty() || characters(reaction.kind) > 32) in.refuse("kind", "must have 1 to 32 characters");
  return reaction;
}

ClientMessage read_caption(FieldReader& in) {
  Caption caption{in.text("text"), in.flag_or("final", true)};
  if (caption.text.empty() || characters(caption.text) > 1000) in.refuse("text", "must have 1 to 1000 characters");
  return caption;
}

ClientMessage read_data(FieldReader& in) {
  Data data;
  data.target_id = in.id_or_empty("targetId");
  data.topic = in.text_or_empty("topic");
  data.payload = in.raw("payload");
  data.is_volatile = in.flag_or("volatile", false);
  return data;
}

ClientMessage read_subscribe(FieldReader& in) {
  Subscribe subscribe;
  subscribe.what = conversation_or_topic(in);
  subscribe.after = in.optional_integer("after");
  if (subscribe.after && *subscribe.after < 0) in.refuse("after", "must not be negative");
  return subscribe;
}

ClientMessage read_call(FieldReader& in) {
  Call call;
  const std::string action = in.text("action");
  bool known = false;
  for (const CallAction each :
       {CallAction::invite, CallAction::accept, CallAction::decline, CallAction::cancel, CallAction::end}) {
    if (to_string(each) != action) continue;
    call.action = each;
    known = true;
  }
  if (!known) in.refuse("action", "is unknown");
  const bool invite = call.action == CallAction::invite;
  if (known && invite) call.to = in.id("to");
  if (known && !invite) call.call_id = in.id("callId");
  call.media = in.raw_or_empty("media");
  if (!call.media.empty() && !is_json_object(call.media)) in.refuse("media", "must be an object");
  if (call.media.size() > 1024) in.refuse("media", "is too large");
  return call;
}

ClientMessage read_requests(FieldReader& in, bool admit) {
  HandleRequests handle;
  handle.admit = admit;
  handle.all = in.flag_or("all", false);
  const auto elements = json_elements(in.raw_or_empty("requestIds"));
  if (!handle.all && !elements) in.refuse("requestIds", "must be an array");
  for (const std::string_view element : elements.value_or(std::vector<std::string_view>{})) {
    auto id = json_integer(element) ? std::optional(std::string(element)) : json_string(element);
    if (!id) in.refuse("requestIds", "must hold ids");
    if (id) handle.request_ids.push_back(std::move(*id));
  }
  return handle;
}

ClientMessage read_moderate(FieldReader& in) {
  Moderate moderate;
  const auto action = moderate_action(in.text("action"));
  if (!action) in.refuse("action", "is unknown");
  moderate.action = action.value_or(ModerateAction::mute);
  moderate.target_id = in.id_or_empty("targetId");
  moderate.value = in.raw_or_empty("value");
  return moderate;
}

ClientMessage read_recording(FieldReader& in) {
  const std::string action = in.text("action");
  if (action != "start" && action != "stop") in.refuse("action", "must be start or stop");
  return Recording{action == "start", in.optional_flag("consent")};
}

ClientMessage read_stats(FieldReader& in) {
  const PeerStats stats{in.raw("peers")};
  if (!is_json_object(stats.peers)) in.refuse("peers", "must be an object");
  return stats;
}

// The protocol on one screen, the frequent ones first.
constexpr std::array kRows = {
    ClientType{"ping", RateClass::total, [](FieldReader& in) -> ClientMessage { return Ping{in.raw_or_empty("t")}; }},
    ClientType{"ice-candidate", RateClass::candidates,
               [](FieldReader& in) { return read_relay(in, RelayKind::ice_candidate, "candidate"); }},
    ClientType{"candidate", RateClass::candidates,
               [](FieldReader& in) { return read_relay(in, RelayKind::ice_candidate, "candidate", true); }},
    ClientType{"data", RateClass::data, [](FieldReader& in) { return read_data(in); }},
    ClientType{"chat", RateClass::chat, [](FieldReader& in) { return read_chat(in); }},
    ClientType{"chat_message", RateClass::chat, [](FieldReader& in) { return read_chat(in, true); }},
    ClientType{"typing", RateClass::total,
               [](FieldReader& in) -> ClientMessage {
                 return Typing{in.id_or_empty("conversationId"), in.flag_or("isTyping", true)};
               }},
    ClientType{"offer", RateClass::total, [](FieldReader& in) { return read_relay(in, RelayKind::offer, "offer"); }},
    ClientType{"answer", RateClass::total, [](FieldReader& in) { return read_relay(in, RelayKind::answer, "answer"); }},
    ClientType{"description", RateClass::total,
               [](FieldReader& in) { return read_relay(in, RelayKind::description, "description"); }},
    ClientType{"auth", RateClass::total, [](FieldReader& in) { return read_auth(in); }},
    ClientType{"auth-refresh", RateClass::total,
               [](FieldReader& in) -> ClientMessage { return AuthRefresh{in.text("token")}; }},
    ClientType{"join", RateClass::join, [](FieldReader& in) { return read_join(in); }},
    ClientType{"leave", RateClass::total, [](FieldReader&) -> ClientMessage { return Leave{}; }},
    ClientType{"end", RateClass::total, [](FieldReader&) -> ClientMessage { return End{}; }},
    ClientType{"end_meeting", RateClass::total, [](FieldReader&) -> ClientMessage { return End{true}; }},
    ClientType{"ice-request", RateClass::total, [](FieldReader& in) { return read_ice_request(in); }},
    ClientType{"media", RateClass::total, [](FieldReader& in) -> ClientMessage { return Media{media_change(in)}; }},
    ClientType{"hand", RateClass::total, [](FieldReader& in) -> ClientMessage { return Hand{in.flag("raised")}; }},
    ClientType{"reaction", RateClass::total, [](FieldReader& in) { return read_reaction(in); }},
    ClientType{"caption", RateClass::total, [](FieldReader& in) { return read_caption(in); }},
    ClientType{"chat-edit", RateClass::total,
               [](FieldReader& in) -> ClientMessage {
                 return ChatEdit{in.id("messageId"), in.text("message")};
               }},
    ClientType{"chat-delete", RateClass::total,
               [](FieldReader& in) -> ClientMessage { return ChatDelete{in.id("messageId")}; }},
    ClientType{"chat-react", RateClass::chat, [](FieldReader& in) { return read_react(in); }},
    ClientType{"chat-clear", RateClass::total,
               [](FieldReader& in) -> ClientMessage { return ChatClear{in.id_or_empty("conversationId")}; }},
    ClientType{"chat-read", RateClass::total, [](FieldReader& in) { return read_read(in); }},
    ClientType{"chat-history", RateClass::total, [](FieldReader& in) { return read_history(in); }},
    ClientType{"subscribe", RateClass::total, [](FieldReader& in) { return read_subscribe(in); }},
    ClientType{"unsubscribe", RateClass::total,
               [](FieldReader& in) -> ClientMessage { return Unsubscribe{conversation_or_topic(in)}; }},
    ClientType{"call", RateClass::total, [](FieldReader& in) { return read_call(in); }},
    ClientType{"admit", RateClass::total, [](FieldReader& in) { return read_requests(in, true); }},
    ClientType{"deny", RateClass::total, [](FieldReader& in) { return read_requests(in, false); }},
    ClientType{"moderate", RateClass::total, [](FieldReader& in) { return read_moderate(in); }},
    ClientType{"recording", RateClass::total, [](FieldReader& in) { return read_recording(in); }},
    ClientType{"stats", RateClass::stats, [](FieldReader& in) { return read_stats(in); }},
};

static_assert(kRows.size() == kClientTypes - 1);

}  // namespace

const ClientType* find_client_type(std::string_view name) {
  const auto* const found =
      std::find_if(kRows.begin(), kRows.end(), [&](const ClientType& each) { return each.name == name; });
  return found == kRows.end() ? nullptr : found;
}

std::size_t number_of(const ClientType& row) { return static_cast<std::size_t>(&row - kRows.data()); }

std::string_view client_type_name(std::size_t number) { return number < kRows.size() ? kRows[number].name : "other"; }

}  // namespace signaling::protocol
