#include "signaling/gateway/lobby_chat.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "signaling/protocol/text_length.h"

namespace signaling::gateway {
namespace {

namespace json = boost::json;
using protocol::ErrorCode;
using protocol::ServerType;
using socketio::Event;

constexpr std::string_view kInDocument = "receive-message", kInCode = "message";

// 24 hex digits, as HTTP shows the id.
std::string object_id(std::string_view message_id) {
  std::uint64_t number = 0;
  std::from_chars(message_id.data(), message_id.data() + message_id.size(), number);
  std::array<char, 25> id{};
  std::snprintf(id.data(), id.size(), "%024llx", static_cast<unsigned long long>(number));
  return id.data();
}

json::object line_of(const json::object& chat) {
  return {{"_id", object_id(word(chat, "messageId"))}, {"username", word(chat, "username")},
          {"message", word(chat, "message")},          {"timestamp", word(chat, "timestamp")},
          {"room", LobbyFloor::kConversation},         {"type", word(chat, "kind")}};
}

// The first argument is the text, or an object that has it.
std::string text_of(const Event& event) {
  if (!event.arguments.empty() && event.arguments[0].is_string()) return std::string(event.arguments[0].get_string());
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
  if (text_of(event) == "/clearchat") return clear(from, event);
  say(from, event);
}

// The hub stamps name and time, whatever the client sent (G91).
void LobbyChat::say(Visitor& from, const Event& event) {
  std::string text = text_of(event);
  if (protocol::characters(text) > kMostCharacters)
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::too_large, "A message has at most 1000 characters"));
  json::object request{{"type", "chat"}, {"conversationId", LobbyFloor::kConversation}, {"message", std::move(text)}};
  floor_.ask(from, std::move(request), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    if (reply.is_error()) return floor_.refuse(sender, ack, refused(reply));
    floor_.acknowledge(sender, ack, json::object{{"ok", true}, {"_id", object_id(reply.text("messageId"))}});
  });
}

void LobbyChat::typing(Visitor& from, const Event& event) {
  const json::value* member = object_argument(event).if_contains("isTyping");
  const json::value is_typing = member ? *member : event.arguments.empty() ? json::value(true) : event.arguments[0];
  json::object request{{"type", "typing"},
                       {"conversationId", LobbyFloor::kConversation},
                       {"isTyping", !is_typing.is_bool() || is_typing.get_bool()}};
  floor_.ask(from, std::move(request), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    reply.is_error() ? floor_.refuse(sender, ack, refused(reply)) : floor_.acknowledge(sender, ack);
  });
}

// A command of the code's clients; who may is the hub's decision.
void LobbyChat::clear(Visitor& from, const Event& event) {
  json::object request{{"type", "chat-clear"}, {"conversationId", LobbyFloor::kConversation}};
  floor_.ask(from, std::move(request), [this, ack = event.ack_id](Visitor& sender, const Heard& reply) {
    reply.is_error() ? floor_.refuse(sender, ack, refused(reply)) : floor_.acknowledge(sender, ack);
  });
}

void LobbyChat::send_history(Visitor& to, LobbyFloor::Then done) {
  json::object request{{"type", "chat-history"}, {"conversationId", LobbyFloor::kConversation}, {"limit", kHistory}};
  floor_.ask(to, std::move(request), [this, done = std::move(done)](Visitor& reader, const Heard& reply) {
    json::array lines;
    if (const json::value& all = reply.value("messages"); all.is_array())
      for (const json::value& line : all.get_array())
        if (line.is_object() && !line.get_object().contains("deletedAt"))
          lines.emplace_back(line_of(line.get_object()));
    floor_.emit(reader, "message-history", std::move(lines));
    done(reader, reply);
  });
}

void LobbyChat::on_frame(Visitor& to, const protocol::SharedFrame& frame, const Heard& heard) {
  if (!to.is_in_lobby()) return;
  if (heard.type == ServerType::chat) {
    send_line(to, frame, heard);
  } else if (heard.type == ServerType::typing) {
    floor_.emit(to, "user-typing",
                json::object{{"username", heard.text("username")}, {"isTyping", heard.value("isTyping")}});
  } else if (heard.type == ServerType::chat_deleted) {
    floor_.emit(to, "message-deleted", json::object{{"messageId", object_id(heard.text("messageId"))}});
  } else if (heard.type == ServerType::chat_cleared) {
    floor_.emit(to, "chat-cleared", json::object{});
  }
}

// Both spellings to those who have shown none, or a page would miss its lines; one to the others, or it would show each
// twice.
void LobbyChat::send_line(const Visitor& to, const protocol::SharedFrame& frame, const Heard& heard) {
  if (last_.frame != frame) {
    const json::object line = line_of(heard.members);
    last_ = {frame, socketio::make_event(LobbyFloor::kNamespace, kInDocument, json::array{line}),
             socketio::make_event(LobbyFloor::kNamespace, kInCode, json::array{line})};
  }
  if (to.dialect != Dialect::code) floor_.sockets.send(to.socket, last_.document);
  if (to.dialect != Dialect::document) floor_.sockets.send(to.socket, last_.code);
}

}  // namespace signaling::gateway
