#include "signaling/gateway/conversation_events.h"

#include <charconv>
#include <utility>

namespace signaling::gateway {
namespace {

namespace json = boost::json;
using protocol::ErrorCode;
using protocol::ServerType;
using socketio::Event;

// Ids are numbers here (G7).
json::value number_of(std::string_view id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size()) return json::string(id);
  return number;
}

std::string room_of(std::string_view conversation) { return "conversation:" + std::string(conversation); }

// Outsiders hear that they may not, whether or not there is such a conversation (G97).
Refused refused_outsider(const Heard& error) {
  Refused why = refused(error);
  if (why.code == to_string(ErrorCode::not_found)) why = refused(ErrorCode::forbidden);
  return why;
}

}  // namespace

bool ConversationEvents::is_conversation(std::string_view event) {
  return event == "conversation.join" || event == "conversation.leave" || event == "message.send";
}

void ConversationEvents::on_event(Visitor& from, const Event& event) {
  if (!from.account) {
    refuse(from, event.ack_id, refused(ErrorCode::unauthenticated));
    return floor_.sockets.disconnect(from.socket);
  }
  const std::string conversation = word(object_argument(event), "conversationId");
  if (conversation.empty())
    return refuse(from, event.ack_id, refused(ErrorCode::bad_request, "conversationId is missing"));
  if (event.name == "conversation.join") return join(from, event, conversation);
  if (event.name == "conversation.leave") return leave(from, event, conversation);
  send(from, event, conversation);
}

void ConversationEvents::join(Visitor& from, const Event& event, const std::string& conversation) {
  json::object request{{"type", "subscribe"}, {"conversationId", conversation}};
  floor_.ask(from, std::move(request), [this, ack = event.ack_id, conversation](Visitor& member, const Heard& reply) {
    if (reply.is_error()) return refuse(member, ack, refused_outsider(reply));
    floor_.acknowledge(member, ack, json::object{{"joined", room_of(conversation)}});
  });
}

void ConversationEvents::leave(Visitor& from, const Event& event, const std::string& conversation) {
  json::object request{{"type", "unsubscribe"}, {"conversationId", conversation}};
  floor_.ask(from, std::move(request), [this, ack = event.ack_id, conversation](Visitor& member, const Heard& reply) {
    if (reply.is_error()) return refuse(member, ack, refused_outsider(reply));
    floor_.acknowledge(member, ack, json::object{{"left", room_of(conversation)}});
  });
}

void ConversationEvents::send(Visitor& from, const Event& event, const std::string& conversation) {
  const std::string content = word(object_argument(event), "content");
  json::object request{{"type", "chat"}, {"conversationId", conversation}, {"message", content}};
  if (const std::string key = word(object_argument(event), "key"); !key.empty()) request["key"] = key;
  floor_.ask(from, std::move(request),
             [this, ack = event.ack_id, conversation, content](Visitor& sender, const Heard& reply) {
               if (reply.is_error()) return refuse(sender, ack, refused_outsider(reply));
               floor_.acknowledge(sender, ack,
                                  json::object{{"id", number_of(reply.text("messageId"))},
                                               {"conversationId", number_of(conversation)},
                                               {"senderId", sender.account->user_id},
                                               {"content", content},
                                               {"createdAt", reply.text("timestamp")},
                                               {"seq", reply.integer("seq")}});
             });
}

void ConversationEvents::on_frame(const Visitor& to, const Heard& heard) {
  if (heard.type != ServerType::chat || !to.account) return;
  floor_.emit(to, "message.receive",
              json::object{{"id", number_of(heard.text("messageId"))},
                           {"conversationId", number_of(heard.text("conversationId"))},
                           {"senderId", number_of(heard.text("userId"))},
                           {"content", heard.text("message")},
                           {"createdAt", heard.text("timestamp")},
                           {"seq", heard.integer("seq")}});
}

// 003's clients read the acknowledgement; one who asked for none hears it as an event.
void ConversationEvents::refuse(const Visitor& to, const std::optional<std::uint64_t>& ack_id, const Refused& why) {
  if (ack_id) return floor_.acknowledge(to, ack_id, error_ack(why));
  floor_.emit(to, "error", error_event(why));
}

}  // namespace signaling::gateway
