// Topics: what sessions subscribe to beside conversations: presence, notifications, meetings, logs, statistics.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/room/core.h"

namespace signaling::room {

class Topics {
 public:
  explicit Topics(Core& core) : core_(core) {}

  void subscribe(Session& session, const Asker& asker, protocol::Topic topic);
  void unsubscribe(Session& session, const Asker& asker, protocol::Topic topic);
  [[nodiscard]] bool has_listeners(protocol::Topic topic) const {
    return !listeners_[static_cast<std::size_t>(topic)].empty();
  }
  void on_session_end(Session& session);
  // What administrators alone may listen to (G70c).
  void on_demoted(Session& session);
  void on_notice(const TopicNews& notice);
  void on_notice(const LogWritten& notice);
  void on_presence_timer();
  void on_statistics_timer(const HubCounts& counts);

 private:
  enum class State : std::uint8_t { online, away, offline };
  struct Shown {
    std::string username;
    State state;
  };
  [[nodiscard]] std::vector<Session*>& listeners(protocol::Topic topic) {
    return listeners_[static_cast<std::size_t>(topic)];
  }
  [[nodiscard]] Shown presence_of(std::string_view person_id) const;
  void write_presence(protocol::JsonWriter& out, std::string_view person_id, const Shown& shown) const;
  void answer_presence(const Asker& asker);
  void remove(Session& session, protocol::Topic topic);

  Core& core_;
  std::array<std::vector<Session*>, 5> listeners_;
  std::map<std::string, Shown, std::less<>> shown_;  // what the listeners were told, while there are any
  bool counts_down_ = false;                         // to the next statistics
};

}  // namespace signaling::room
