// LobbyPeople: the names in the lobby, who has them, and what everybody hears of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "signaling/gateway/lobby_floor.h"

namespace signaling::gateway {

class LobbyPeople {
 public:
  explicit LobbyPeople(LobbyFloor& floor) : floor_(floor) {}

  // The visitor has his name.
  void enter(const Visitor& visitor);
  void leave(const Visitor& visitor);
  // By name, the last who came with it, or by the id of his socket; null: nobody in the lobby.
  [[nodiscard]] Visitor* find(const std::string& name_or_sid);
  void show_users(const Visitor& to);

 private:
  [[nodiscard]] std::string names() const;  // as JSON
  void tell(std::string_view event, const std::string& name);
  void users_changed();
  void send_users();

  LobbyFloor& floor_;
  std::map<std::string, std::vector<socketio::SocketKey>> by_name_;
  turnd::base::TimePoint users_sent_ = turnd::base::TimePoint::min();
  bool is_sending_later_ = false;
};

}  // namespace signaling::gateway
