#include "signaling/gateway/conversation_events.h"

#include <charconv>
#include <utility>

#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::JsonWriter;
using protocol::ServerType;
using socketio::Event;

// Ids are numbers here (G7).
void write_id(JsonWriter& out, std::string_view name, std::string_view id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size())
    out.text(name, id);
  else
    out.integer(name, number);
}

std::string about(std::string_view request_type, std::string_view conversation) {
  std::string request = open_request(request_type);
  JsonWriter(request).text("conversationId", conversation);
  return request;
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
  floor_.ask(from, about("subscribe", conversation),
             [this, ack = event.ack_id, conversation](Visitor& member, const Heard& reply) {
               if (reply.is_error()) return refuse(member, ack, refused_outsider(reply));
               floor_.acknowledge(member, ack, text_object("joined", room_of(conversation)));
             });
}

void ConversationEvents::leave(Visitor& from, const Event& event, const std::string& conversation) {
  floor_.ask(from, about("unsubscribe", conversation),
             [this, ack = event.ack_id, conversation](Visitor& member, const Heard& reply) {
               if (reply.is_error()) return refuse(member, ack, refused_outsider(reply));
               floor_.acknowledge(member, ack, text_object("left", room_of(conversation)));
             });
}

void ConversationEvents::send(Visitor& from, const Event& event, const std::string& conversation) {
  const std::string content = word(object_argument(event), "content");
  std::string request = about("chat", conversation);
  JsonWriter(request).text("message", content);
  if (const std::string key = word(object_argument(event), "key"); !key.empty()) JsonWriter(request).text("key", key);
  floor_.ask(from, std::move(request),
             [this, ack = event.ack_id, conversation, content](Visitor& sender, const Heard& reply) {
               if (reply.is_error()) return refuse(sender, ack, refused_outsider(reply));
               std::string stored;
               JsonWriter out(stored);
               out.begin_object();
               write_id(out, "id", reply.text("messageId"));
               write_id(out, "conversationId", conversation);
               out.integer("senderId", sender.account->user_id).text("content", content);
               out.text("createdAt", reply.text("timestamp")).integer("seq", reply.integer("seq")).end_object();
               floor_.acknowledge(sender, ack, stored);
             });
}

void ConversationEvents::on_frame(const Visitor& to, const Heard& heard) {
  if (heard.type != ServerType::chat || !to.account) return;
  std::string received;
  JsonWriter out(received);
  out.begin_object();
  write_id(out, "id", heard.text("messageId"));
  write_id(out, "conversationId", heard.text("conversationId"));
  write_id(out, "senderId", heard.text("userId"));
  out.text("content", heard.text("message")).text("createdAt", heard.text("timestamp"));
  out.integer("seq", heard.integer("seq")).end_object();
  floor_.emit(to, "message.receive", received);
}

// 003's clients read the acknowledgement; one who asked for none hears it as an event.
void ConversationEvents::refuse(const Visitor& to, const std::optional<std::uint64_t>& ack_id, const Refused& why) {
  if (ack_id) return floor_.acknowledge(to, ack_id, error_ack(why));
  floor_.emit(to, "error", error_event(why));
}

}  // namespace signaling::gateway
