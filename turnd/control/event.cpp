#include "turnd/control/event.h"

#include <utility>

#include <boost/json/serialize.hpp>

#include "turnd/base/time_text.h"
#include "turnd/control/text.h"

namespace turnd::control {
namespace {

namespace json = boost::json;

// "a, b": a list of texts as one.
std::string joined(const json::array& items) {
  std::string text;
  for (const json::value& item : items) {
    if (!item.is_string()) continue;
    if (!text.empty()) text += ", ";
    text += printable(std::string_view(item.get_string()));
  }
  return text;
}

// Members of a log line; `prefix` names the way to them.
void flatten(const json::object& from, const std::string& prefix, json::object& into) {
  for (const auto& [key, value] : from) {
    const std::string name = prefix + std::string(key);
    if (value.is_string()) {
      into[name] = printable(std::string_view(value.get_string()));
    } else if (value.is_array()) {
      const std::string text = joined(value.get_array());
      if (!text.empty()) into[name] = text;
    } else if (value.is_object()) {
      flatten(value.get_object(), name + "_", into);
    } else {
      into[name] = value;
    }
  }
}

// "listen, realm": the keys of changes or errors.
std::string keys(const json::value& items) {
  json::array names;
  for (const json::value& item : items.as_array()) names.push_back(item.at("key"));
  return joined(names);
}

// The log says whose session it is and what it carried, not what happens to be nothing.
json::object without_noise(json::object members) {
  for (const std::string_view nested : {"permissions", "channels", "drops"}) members.erase(nested);
  return members;
}

}  // namespace

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::session_opened:
      return "session.opened";
    case EventType::session_closed:
      return "session.closed";
    case EventType::auth_refused:
      return "auth.refused";
    case EventType::drain_started:
      return "drain.started";
    case EventType::drain_stopped:
      return "drain.stopped";
    case EventType::reload_applied:
      return "reload.applied";
    case EventType::reload_refused:
      return "reload.refused";
    case EventType::certificate_loaded:
      return "certificate.loaded";
    case EventType::certificate_refused:
      return "certificate.refused";
    case EventType::events_lost:
      return "events.lost";
  }
  return "";
}

Event session_opened(base::WallTime time, const Session& session) {
  return {time, EventType::session_opened, {{"session", to_json(session)}}};
}

Event session_closed(base::WallTime time, const Usage& usage) {
  return {time, EventType::session_closed, {{"reason", usage.reason}, {"usage", to_json(usage)}}};
}

Event auth_refused(base::WallTime time, const Refusal& refusal) {
  return {time,
          EventType::auth_refused,
          {{"client", to_string(refusal.client)},
           {"transport", to_string(refusal.transport)},
           {"user", printable(refusal.user)},
           {"reason", refusal.reason}}};
}

Event drain_started(base::WallTime time, const Drain& drain) {
  return {time, EventType::drain_started, {{"deadline", time_json(drain.deadline)}, {"sessions", drain.sessions}}};
}

Event drain_stopped(base::WallTime time) { return {time, EventType::drain_stopped, {}}; }

Event reload_applied(base::WallTime time, const std::vector<Change>& changes) {
  return {time, EventType::reload_applied, {{"changes", to_json(changes)}}};
}

Event reload_refused(base::WallTime time, const std::vector<ConfigurationError>& errors) {
  return {time, EventType::reload_refused, {{"errors", to_json(errors)}}};
}

Event certificate_loaded(base::WallTime time, base::WallTime not_after) {
  return {time, EventType::certificate_loaded, {{"not_after", time_json(not_after)}}};
}

Event certificate_refused(base::WallTime time, std::string_view detail) {
  return {time, EventType::certificate_refused, {{"detail", detail}}};
}

Event events_lost(base::WallTime time, std::size_t count) { return {time, EventType::events_lost, {{"count", count}}}; }

std::string to_line(const Event& event) {
  json::object line{{"time", base::time_text(event.time)}, {"type", to_string(event.type)}};
  for (const auto& [key, value] : event.members) line[key] = value;
  return json::serialize(line) + '\n';
}

json::object log_members(const Event& event) {
  json::object flat;
  switch (event.type) {
    case EventType::session_opened:
      flatten(without_noise(event.members.at("session").as_object()), "", flat);
      return flat;
    case EventType::session_closed:
      flatten(without_noise(event.members.at("usage").as_object()), "", flat);
      return flat;
    case EventType::reload_applied:
      flat["changes"] = keys(event.members.at("changes"));
      return flat;
    case EventType::reload_refused:
      flat["errors"] = keys(event.members.at("errors"));
      return flat;
    case EventType::auth_refused:
      // `user` is printable already: a second time would double its backslashes.
      return event.members;
    case EventType::drain_started:
    case EventType::drain_stopped:
    case EventType::certificate_loaded:
    case EventType::certificate_refused:
    case EventType::events_lost:
      flatten(event.members, "", flat);
      return flat;
  }
  return flat;
}

}  // namespace turnd::control
