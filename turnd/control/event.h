// Event: something that happened, for the NDJSON stream and the log (operations.md D14, D15, D57).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"
#include "turnd/control/responses.h"

namespace turnd::control {

enum class EventType : std::uint8_t {
  session_opened,
  session_closed,
  auth_refused,
  drain_started,
  drain_stopped,
  reload_applied,
  reload_refused,
  certificate_loaded,
  certificate_refused,
  events_lost,
};
// "session.opened" ...
std::string_view to_string(EventType type);

struct Event {
  base::WallTime time;
  EventType type{};
  boost::json::object members;  // besides time and type
};

[[nodiscard]] Event session_opened(base::WallTime time, const Session& session);
[[nodiscard]] Event session_closed(base::WallTime time, const Usage& usage);
struct Refusal {
  base::Endpoint client;
  base::Transport transport{};
  std::string user;  // as sent, which may be anything
  std::string reason;
};
[[nodiscard]] Event auth_refused(base::WallTime time, const Refusal& refusal);
[[nodiscard]] Event drain_started(base::WallTime time, const Drain& drain);
[[nodiscard]] Event drain_stopped(base::WallTime time);
[[nodiscard]] Event reload_applied(base::WallTime time, const std::vector<Change>& changes);
[[nodiscard]] Event reload_refused(base::WallTime time, const std::vector<ConfigurationError>& errors);
[[nodiscard]] Event certificate_loaded(base::WallTime time, base::WallTime not_after);
[[nodiscard]] Event certificate_refused(base::WallTime time, std::string_view detail);
[[nodiscard]] Event events_lost(base::WallTime time, std::size_t count);

// One line of the stream, with its line feed.
[[nodiscard]] std::string to_line(const Event& event);

// What a log line says of it, besides its time and `event`: numbers, booleans and texts, nothing nested. A session's
// or usage's own members stand beside the others; foreign text is printable().
[[nodiscard]] boost::json::object log_members(const Event& event);

}  // namespace turnd::control
