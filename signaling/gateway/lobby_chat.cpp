#include "signaling/gateway/lobby_chat.h"

#include <utility>
#include <vector>

#include "signaling/gateway/lobby_line.h"
#include "signaling/protocol/json_writer.h"
#include "signaling/protocol/text_length.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::JsonMembers;
using protocol::JsonWriter;
using protocol::ServerType;
using socketio::Event;

constexpr std::string_view kInDocument = "receive-message", kInCode = "message";

// Deleted lines show nothing.
LobbyHistory::Lines lines_of(const Heard& page) {
  LobbyHistory::Lines lines;
  const auto elements = protocol::json_elements(page.json("messages"));
  for (const std::string_view element : elements.value_or(std::vector<std::string_view>{})) {
    const JsonMembers line = members_of(element);
    lines.push_back(line.find("deletedAt") ? std::string() : lobby_line(line));
  }
  return lines;
}

LobbyHistory::State state_of(const Heard& reply, std::uint64_t changes) {
  return {reply.integer("lastSeq"), reply.integer("epoch"), changes};
}

// Of the lobby's conversation.
std::string request_of(std::string_view type) {
  std::string request = open_request(type);
  JsonWriter(request).text("conversationId", LobbyFloor::kConversation);
  return request;
}

// The first argument is the text, or an object that has it.
std::string text_of(const Event& event) {
  if (auto text = protocol::json_string(first_argument(event))) return std::move(*text);
  return word(object_argument(event), "message");
}

Dialect dialect_of(std::string_view event) { return event == "message" ? Dialect::code : Dialect::document; }

}  // namespace

bool LobbyChat::is_chat(std::string_view event) {
  return event == "message" || event == "send-message" || event == "typing";
}

void LobbyChat::on_event(Visitor& from, const Event& event) {
  if (!from.is_in_lobby()) return floor_.refuse(from, event.ack_id, refused(ErrorCode::not_joined, "Join first"));
  if (event.name == "typing") return typing(from, event);
  from.dialect = dialect_of(event.name);
  const std::string text = text_of(event);
  text == "/clearchat" ? clear(from, event) : say(from, event, text);
}

// The hub stamps name and time, whatever the client sent (G91).
void LobbyChat::say(Visitor& from, const Event& event, std::string_view text) {
  if (protocol::characters(text) > kMostCharacters)
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::too_large, "A message has at most 1000 characters"));
  std::string request = request_of("chat");
  JsonWriter(request).text("message", text);
  floor_.ask(from, std::move(request), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    if (reply.is_error()) return floor_.refuse(sender, ack, refused(reply));
    std::string stored;
    JsonWriter(stored).begin_object().boolean("ok", true).text("_id", object_id(reply.text("messageId"))).end_object();
    floor_.acknowledge(sender, ack, stored);
  });
}

void LobbyChat::typing(Visitor& from, const Event& event) {
  const std::string_view first = first_argument(event);
  const std::string_view is_typing = members_of(first).find("isTyping").value_or(first);
  std::string request = request_of("typing");
  JsonWriter(request).boolean("isTyping", is_typing != "false");
  floor_.ask(from, std::move(request), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    reply.is_error() ? floor_.refuse(sender, ack, refused(reply)) : floor_.acknowledge(sender, ack);
  });
}

// A command of the code's clients; who may is the hub's decision.
void LobbyChat::clear(Visitor& from, const Event& event) {
  floor_.ask(from, request_of("chat-clear"), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    reply.is_error() ? floor_.refuse(sender, ack, refused(reply)) : floor_.acknowledge(sender, ack);
  });
}

void LobbyChat::send_history(Visitor& to, const Heard& subscribed, LobbyFloor::Then done) {
  const room::LobbyTail& tail = floor_.door.lobby_tail();
  if (const auto* known = history_.find(state_of(subscribed, tail.changes), tail, floor_.door.now())) {
    floor_.sockets.send(to.socket, *known);
    return done(to, subscribed);
  }
  std::string request = request_of("chat-history");
  JsonWriter(request).integer("limit", LobbyHistory::kLines).boolean("reactions", false);
  floor_.ask(to, std::move(request),
             [this, changes = tail.changes, done = std::move(done)](Visitor& reader, const Heard& reply) {
               LobbyHistory::Lines lines = lines_of(reply);
               floor_.sockets.send(reader.socket, LobbyHistory::packet_of(lines));
               if (reply.members().find("lastSeq"))
                 history_.read(state_of(reply, changes), std::move(lines), floor_.door.now());
               done(reader, reply);
             });
}

void LobbyChat::on_frame(Visitor& to, const protocol::SharedFrame& frame, const Heard& heard) {
  if (!to.is_in_lobby()) return;
  if (heard.type == ServerType::chat) {
    send_line(to, frame, heard);
  } else if (heard.type == ServerType::typing) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().raw("username", text_slice(heard.members(), "username"));
    json.raw("isTyping", heard.json("isTyping")).end_object();
    floor_.emit(to, "user-typing", text);
  } else if (heard.type == ServerType::chat_deleted) {
    floor_.emit(to, "message-deleted", text_object("messageId", object_id(heard.text("messageId"))));
  } else if (heard.type == ServerType::chat_cleared) {
    floor_.emit(to, "chat-cleared", "{}");
  }
}

// Both spellings to those who have shown none, or a page would miss its lines; one to the others, or it would show each
// twice.
void LobbyChat::send_line(const Visitor& to, const protocol::SharedFrame& frame, const Heard& heard) {
  if (last_.frame != frame) last_ = {frame, lobby_line(heard.members()), {}, {}};
  const auto send = [&](socketio::Packet& packet, std::string_view event) {
    if (!packet.text) packet = socketio::make_event(LobbyFloor::kNamespace, event, last_.json);
    floor_.sockets.send(to.socket, packet);
  };
  if (to.dialect != Dialect::code) send(last_.document, kInDocument);
  if (to.dialect != Dialect::document) send(last_.code, kInCode);
}

}  // namespace signaling::gateway
