// EventLog: what happened, in events.db: appended, asked for, counted, thrown away (signaling.md 2.8, 2.11 L1-L3).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "signaling/service/effects.h"
#include "signaling/store/connection.h"

namespace signaling::service {

// A member of Event::data that names the request it comes from. The log keeps and shows it as metadata.
inline constexpr std::string_view kTraceMember = "trace_id";
// Beside it, true where the request's trace is sampled, which whoever is told of the event should know.
inline constexpr std::string_view kSampledMember = "trace_sampled";

struct LoggedEvent {
  std::int64_t id = 0;  // 0: not stored yet
  WallTime time;
  Event event;
};
[[nodiscard]] std::string_view to_string(Level level);
[[nodiscard]] std::optional<Level> parse_level(std::string_view text);
// One entry of `logs`, in both shapes: {timestamp,level,service,event,user,data,metadata} and {action,username,...}.
[[nodiscard]] boost::json::object to_json(const LoggedEvent& entry);

struct EventQuery {
  std::optional<Level> level = {};
  std::string service = {};
  std::string event = {};  // any spelling of it
  std::string user = {};
  std::optional<std::int64_t> after = {};  // id, exclusive
  bool is_ascending = false;
  std::int64_t page = 1;
  std::size_t limit = 100;
};
struct EventPage {
  std::vector<LoggedEvent> events;
  std::int64_t total = 0;  // that match
};
struct EventStats {
  std::int64_t total = 0;
  std::int64_t last_day = 0;
  std::int64_t by_level[3] = {};  // info, warn, error
  std::vector<std::pair<std::string, std::int64_t>> by_service;
  std::vector<std::pair<std::string, std::int64_t>> by_event;  // the most frequent first
};

inline constexpr std::size_t kMostLogLimit = 1000;

// On a connection to events.db, inside the caller's transaction. Sets the ids.
void append_events(store::Connection& events_db, std::span<LoggedEvent> events);
[[nodiscard]] EventPage find_events(store::Connection& events_db, const EventQuery& query);
// The next `most` after that id, oldest first.
[[nodiscard]] std::vector<LoggedEvent> events_after(store::Connection& events_db, std::int64_t id, std::size_t most);
// The last id that was given out, perhaps to an event that is gone; 0: none.
[[nodiscard]] std::int64_t last_event_id(store::Connection& events_db);
// Ids from now on are beyond that one.
void keep_event_ids_beyond(store::Connection& events_db, std::int64_t id);
[[nodiscard]] EventStats event_stats(store::Connection& events_db, WallTime now);
void clear_events(store::Connection& events_db);
// Deletes up to `most` that are older. True: there may be more.
bool sweep_events(store::Connection& events_db, WallTime older_than, std::size_t most = 500);

}  // namespace signaling::service
