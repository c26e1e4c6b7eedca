#include "turnd/event_log.h"

#include "turnd/process/logging.h"

namespace turnd {

using process::log_line;
using process::LogLevel;

namespace {

struct Line {
  LogLevel level;
  std::string_view message;
};

Line line_of(control::EventType type) {
  switch (type) {
    case control::EventType::session_opened:
      return {LogLevel::info, "session opened"};
    case control::EventType::session_closed:
      return {LogLevel::info, "session closed"};
    case control::EventType::auth_refused:
      return {LogLevel::info, "credentials refused"};
    case control::EventType::drain_started:
      return {LogLevel::info, "draining"};
    case control::EventType::drain_stopped:
      return {LogLevel::info, "no longer draining"};
    case control::EventType::reload_applied:
      return {LogLevel::info, "configuration reloaded"};
    case control::EventType::reload_refused:
      return {LogLevel::warning, "reload refused, everything is as before"};
    case control::EventType::certificate_loaded:
      return {LogLevel::info, "certificate loaded"};
    case control::EventType::certificate_refused:
      return {LogLevel::warning, "certificate refused, the old one is served"};
    case control::EventType::events_lost:
      return {LogLevel::warning, "events lost"};
  }
  return {LogLevel::info, "event"};
}

}  // namespace

void EventLog::write(const control::Event& event) {
  if (event.type == control::EventType::auth_refused && ++refusals_ > kLinesPerSecond) return;
  const auto [level, message] = line_of(event.type);
  boost::json::object fields{{"event", control::to_string(event.type)}};
  for (const auto& member : control::log_members(event)) fields.insert(member);
  log_line(level, message, fields);
}

void EventLog::on_second() {
  if (refusals_ > kLinesPerSecond)
    log_line(LogLevel::info, "credentials refused",
             {{"event", "auth.refused"}, {"suppressed", refusals_ - kLinesPerSecond}});
  refusals_ = 0;
}

}  // namespace turnd
