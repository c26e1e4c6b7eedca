#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <map>

#include "turnctl/commands.h"
#include "turnctl/session_table.h"
#include "turnd/base/time_text.h"
#include "turnd/control/time_text.h"

namespace turnctl {
namespace {

using boost::json::object;

// Whose sessions are shown: the whole USERNAME, or the part after the first colon of an ephemeral one (D13).
bool belongs_to(const std::optional<std::string>& user, const object& session) {
  if (!user) return true;
  const std::string name(session.at("user").as_string());
  const std::size_t colon = name.find(':');
  return name == *user || (colon != std::string::npos && name.substr(colon + 1) == *user);
}

class Watch {
 public:
  Watch(const Context& context, ControlClient& poller, const std::optional<std::string>& user)
      : context_(context), poller_(poller), user_(user) {}

  void on_line(const object& event) {
    const std::string type = cell(event, "type");
    if (type == "session.opened") {
      opened(event, event.at("session").as_object());
    } else if (type == "session.closed") {
      const object& usage = event.at("usage").as_object();
      if (known_.erase(cell(usage, "id")) != 0) print_event(event);
    }
  }

  void on_tick() {
    if (status_ != kDone) return;
    ListRequest request{"/v1/sessions", {}, {}};
    if (user_) request.parameters.push_back("user=" + percent_encoded(*user_));
    const auto sessions = fetch_list(context_, poller_, request);
    if (!sessions) {
      status_ = sessions.error();
      return;
    }
    if (context_.json())
      print_changes(*sessions);
    else
      redraw(*sessions);
  }

  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  void opened(const object& event, const object& session) {
    if (!belongs_to(user_, session)) return;
    if (known_.emplace(cell(session, "id"), session.at("traffic")).second) print_event(event);
  }
  void print_changes(const boost::json::array& sessions) {
    const std::string now = turnd::base::time_text(std::chrono::system_clock::now());
    for (const boost::json::value& each : sessions) {
      const object& session = each.as_object();
      const auto known = known_.find(cell(session, "id"));
      if (known == known_.end()) {  // live at the start
        opened({{"time", now}, {"type", "session.opened"}, {"session", session}}, session);
      } else if (known->second != session.at("traffic")) {
        known->second = session.at("traffic");
        print_event({{"time", now}, {"type", "session.updated"}, {"session", session}});
      }
    }
  }
  void print_event(const object& event) const {
    if (context_.json()) print_json(event);
  }
  static void redraw(const boost::json::array& sessions) {
    const std::size_t width = terminal_width();
    // Home and clear to the end, on a terminal only: the table stays in place.
    if (width != 0) std::cout << "\x1B[H\x1B[J";
    std::cout << sessions.size() << (sessions.size() == 1 ? " session\n" : " sessions\n")
              << session_table(sessions).text(width) << std::flush;
  }

  const Context& context_;
  ControlClient& poller_;
  std::optional<std::string> user_;
  std::map<std::string, boost::json::value> known_;  // id -> traffic as last shown
  ExitStatus status_ = kDone;
};

}  // namespace

int watch_sessions(const Context& context, const WatchRequest& request) {
  const auto interval = turnd::control::parse_duration(request.interval);
  if (!interval || *interval < std::chrono::milliseconds(100))
    return report({"--interval " + request.interval + " is no duration of 100ms or more", "for example 2s"}, kRefused,
                  context.mode);
  return with_turnd(context, [&](ControlClient& events) {
    return with_turnd(context, [&](ControlClient& poller) {
      Watch watch(context, poller, request.user);
      const ControlClient::Listener listener{[&](const object& line) { watch.on_line(line); }, [&] { watch.on_tick(); },
                                             std::chrono::duration_cast<std::chrono::milliseconds>(*interval)};
      if (terminal_width() != 0 && !context.json()) std::cout << "\x1B[2J";
      const auto ended = events.listen("/v1/events", listener);
      if (watch.status() != kDone) return watch.status();
      return ended ? kDone : report(ended.error(), kUnreachable, context.mode);
    });
  });
}

}  // namespace turnctl
