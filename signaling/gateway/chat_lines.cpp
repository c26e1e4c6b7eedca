#include "signaling/gateway/chat_lines.h"

#include <charconv>
#include <utility>

namespace signaling::gateway {
namespace {

struct ToNotice {
  const service::ChatChange& change;
  using Made = std::optional<room::Notice>;

  [[nodiscard]] std::string name() const { return conversation_name(change.kind, change.conversation_id); }
  Made operator()(const service::MessagePosted& what) const { return room::ChatPosted{to_line(what.message, name())}; }
  Made operator()(const service::MessageEdited& what) const { return room::ChatEdited{to_line(what.message, name())}; }
  Made operator()(const service::MessageDeleted& what) const {
    return room::ChatDeleted{std::to_string(what.message_id), name()};
  }
  Made operator()(const service::MessageReacted&) const { return std::nullopt; }
  Made operator()(const service::ConversationCleared& what) const { return room::ChatCleared{name(), what.epoch}; }
  Made operator()(const service::ConversationRead& what) const {
    // In the lobby and in meetings what somebody has read is his own matter.
    const bool is_shared =
        change.kind == service::ConversationKind::direct || change.kind == service::ConversationKind::group;
    if (!is_shared) return std::nullopt;
    return room::ChatMarkedRead{name(), std::to_string(what.user_id), what.seq};
  }
  Made operator()(const service::ConversationChanged&) const { return std::nullopt; }
  Made operator()(const service::MemberLeft& what) const {
    return room::ConversationLeft{name(), std::to_string(what.user_id)};
  }
};

}  // namespace

std::string conversation_name(service::ConversationKind kind, std::int64_t id) {
  return kind == service::ConversationKind::lobby ? "general" : std::to_string(id);
}

std::optional<std::int64_t> parse_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || id < 1) return std::nullopt;
  return id;
}

protocol::ChatLine to_line(const service::Message& message, std::string conversation) {
  protocol::ChatLine line;
  line.message_id = std::to_string(message.id);
  line.conversation_id = std::move(conversation);
  if (message.sender_id) line.user_id = std::to_string(*message.sender_id);
  if (!message.sender_guest.empty()) line.user_id = "g:" + message.sender_guest;
  line.username = message.sender_name;
  line.message = message.content;
  line.timestamp = message.created_at;
  line.seq = message.seq;
  line.is_system = message.is_system;
  if (message.reply_to) line.reply_to = std::to_string(*message.reply_to);
  line.edited_at = message.edited_at;
  line.deleted_at = message.deleted_at;
  return line;
}

std::optional<room::Notice> to_notice(const service::ChatChange& change) {
  return std::visit(ToNotice{change}, change.what);
}

}  // namespace signaling::gateway
