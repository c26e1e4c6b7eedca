#include "signaling/gateway/lobby_people.h"

#include <algorithm>
#include <utility>

namespace signaling::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// However many join, the list of all of them goes to all of them this often (Y3).
constexpr auto kUsersInterval = 250ms;

bool same_but_for_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace

void LobbyPeople::enter(const Visitor& visitor) {
  auto& sockets = by_name_[visitor.name];
  sockets.push_back(visitor.socket);
  if (sockets.size() > 1) return show_users(visitor);
  floor_.door.show_in_lobby(visitor.name, true);
  tell("user-joined", visitor.name);
  tell("user_joined", visitor.name);
  users_changed();
}

void LobbyPeople::leave(const Visitor& visitor) {
  const auto named = by_name_.find(visitor.name);
  if (named == by_name_.end()) return;
  std::erase(named->second, visitor.socket);
  if (!named->second.empty()) return;
  by_name_.erase(named);
  floor_.door.show_in_lobby(visitor.name, false);
  tell("user-left", visitor.name);
  tell("user_left", visitor.name);
  users_changed();
}

Visitor* LobbyPeople::find(const std::string& name_or_sid) {
  const auto named = by_name_.find(name_or_sid);
  if (named != by_name_.end()) return floor_.find(named->second.back());
  Visitor* visitor = floor_.find_sid(name_or_sid);
  return visitor && visitor->is_in_lobby() ? visitor : nullptr;
}

Visitor* LobbyPeople::holder(std::string_view name) {
  const auto named =
      std::ranges::find_if(by_name_, [name](const auto& each) { return same_but_for_case(each.first, name); });
  return named == by_name_.end() ? nullptr : floor_.find(named->second.back());
}

void LobbyPeople::show_users(const Visitor& to) { floor_.emit(to, "users", names()); }

json::array LobbyPeople::names() const {
  json::array names;
  for (const auto& [name, sockets] : by_name_) names.emplace_back(name);
  return names;
}

void LobbyPeople::tell(std::string_view event, const std::string& name) {
  floor_.to_lobby(socketio::make_event(LobbyFloor::kNamespace, event, json::array{json::object{{"username", name}}}));
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
  floor_.to_lobby(socketio::make_event(LobbyFloor::kNamespace, "users", json::array{names()}));
}

}  // namespace signaling::gateway
