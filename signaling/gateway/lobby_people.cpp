#include "signaling/gateway/lobby_people.h"

#include <utility>

#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {
namespace {

using namespace std::chrono_literals;

// However many join, the list of all of them goes to all of them this often (Y3).
constexpr auto kUsersInterval = 250ms;

}  // namespace

void LobbyPeople::enter(const Visitor& visitor) {
  auto& sockets = by_name_[visitor.name];
  sockets.push_back(visitor.socket);
  if (sockets.size() > 1) return show_users(visitor);
  tell("user-joined", visitor.name);
  tell("user_joined", visitor.name);
  floor_.door.announce(visitor.name + " joined the chat");
  users_changed();
}

void LobbyPeople::leave(const Visitor& visitor) {
  const auto named = by_name_.find(visitor.name);
  if (named == by_name_.end()) return;
  std::erase(named->second, visitor.socket);
  if (!named->second.empty()) return;
  by_name_.erase(named);
  tell("user-left", visitor.name);
  tell("user_left", visitor.name);
  floor_.door.announce(visitor.name + " left the chat");
  users_changed();
}

Visitor* LobbyPeople::find(const std::string& name_or_sid) {
  const auto named = by_name_.find(name_or_sid);
  if (named != by_name_.end()) return floor_.find(named->second.back());
  Visitor* visitor = floor_.find_sid(name_or_sid);
  return visitor && visitor->is_in_lobby() ? visitor : nullptr;
}

void LobbyPeople::show_users(const Visitor& to) { floor_.emit(to, "users", names()); }

std::string LobbyPeople::names() const {
  std::string text;
  protocol::JsonWriter names(text);
  names.begin_array();
  for (const auto& [name, sockets] : by_name_) names.text(name);
  names.end_array();
  return text;
}

void LobbyPeople::tell(std::string_view event, const std::string& name) {
  floor_.to_lobby(socketio::make_event(LobbyFloor::kNamespace, event, text_object("username", name)));
}

void LobbyPeople::users_changed() {
  if (is_sending_later_) return;
  const turnd::base::TimePoint now = floor_.door.now();
  if (users_sent_ + kUsersInterval <= now) return send_users();
  is_sending_later_ = true;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(users_sent_ + kUsersInterval - now);
  floor_.door.after(wait, [this] {
    is_sending_later_ = false;
    send_users();
  });
}

void LobbyPeople::send_users() {
  users_sent_ = floor_.door.now();
  floor_.to_lobby(socketio::make_event(LobbyFloor::kNamespace, "users", names()));
}

}  // namespace signaling::gateway
