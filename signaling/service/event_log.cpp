#include "signaling/service/event_log.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "signaling/protocol/time_text.h"
#include "signaling/service/event_names.h"

namespace signaling::service {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, Level>, 3> kLevels{
    {{"info", Level::info}, {"warn", Level::warn}, {"error", Level::error}}};

json::object parsed(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object{};
}

// Members of Event::data that are kept beside the data.
constexpr std::array<std::string_view, 2> kMetadata{kTraceMember, kSampledMember};

LoggedEvent read_event(const store::Row& row) {
  LoggedEvent entry;
  entry.id = row.number(0);
  entry.time = row.get<WallTime>(1);
  entry.event.level = parse_level(row.text(2)).value_or(Level::info);
  entry.event.service = row.text(3);
  entry.event.event = row.text(4);
  entry.event.username = row.text(5);
  entry.event.data = parsed(row.text(6));
  const json::object metadata = parsed(row.text(7));
  for (const std::string_view name : kMetadata)
    if (const auto* value = metadata.if_contains(name)) entry.event.data[name] = *value;
  return entry;
}

json::object metadata_of(const Event& event) {
  json::object metadata;
  for (const std::string_view name : kMetadata)
    if (const auto* value = event.data.if_contains(name)) metadata[name] = *value;
  return metadata;
}

json::object data_of(const Event& event) {
  json::object data = event.data;
  for (const std::string_view name : kMetadata) data.erase(name);
  return data;
}

// As it is stored: data and metadata.
std::pair<std::string, std::string> texts_of(const Event& event) {
  if (!event.data.contains(kTraceMember)) return {json::serialize(event.data), "{}"};
  return {json::serialize(data_of(event)), json::serialize(metadata_of(event))};
}

// A JSON array of names, for json_each: one statement whatever their number.
std::string names_of(const EventQuery& query) {
  json::array names;
  for (const std::string& name : event_spellings(query.event)) names.emplace_back(name);
  return json::serialize(names);
}

std::string level_of(const EventQuery& query) { return query.level ? std::string(to_string(*query.level)) : ""; }

std::string select_events(const std::string& rest) {
  return "SELECT id, ts, level, service, event, coalesce(username, ''), data, metadata FROM event_log" + rest;
}

// The conditions of a query: ?1 to ?5 are after, level, service, user and names. Those of users and of warnings stand
// alone, so that their indexes serve them.
std::string conditions_of(const EventQuery& query) {
  std::string sql =
      " WHERE id > ?1 AND (?3 = '' OR service = ?3)"
      " AND (?5 = '[]' OR event IN (SELECT value FROM json_each(?5)))";
  if (!query.user.empty()) sql += " AND username = ?4";
  if (query.level) sql += " AND level = ?2";
  if (query.level && query.level != Level::info) sql += " AND level <> 'info'";
  return sql;
}

// How many match, from the counts where they know.
std::int64_t total_of(store::Connection& db, const EventQuery& query) {
  const std::string level = level_of(query), names = names_of(query);
  const auto counted = [&](const std::string& sql) {
    return db.value<std::int64_t>(sql, query.after.value_or(0), level, query.service, query.user, names).value_or(0);
  };
  if (query.after || !query.user.empty()) return counted("SELECT count(*) FROM event_log" + conditions_of(query));
  return counted(
      "SELECT coalesce(sum(n), 0) FROM event_counts WHERE (?2 = '' OR level = ?2)"
      " AND (?3 = '' OR service = ?3) AND (?5 = '[]' OR event IN (SELECT value FROM json_each(?5)))");
}

std::int64_t last_id(store::Connection& db) {
  return db.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM event_log").value_or(0);
}

// The id of the first event at that time or later, or one beyond the last. Times grow with ids, but for a clock that
// was set back, which moves the answer by as much.
std::int64_t first_since(store::Connection& db, WallTime time) {
  std::int64_t low = db.value<std::int64_t>("SELECT coalesce(min(id), 1) FROM event_log").value_or(1);
  std::int64_t high = last_id(db) + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto found = db.value<WallTime>("SELECT ts FROM event_log WHERE id >= ?1 ORDER BY id LIMIT 1", middle);
    if (!found || *found >= time)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

// How many have that id or a later one, of `total`. What goes, goes from the oldest on, so that ids say how many there
// are, but for a gap that a power cut left (keep_event_ids_beyond): then they are counted.
std::int64_t number_from(store::Connection& db, std::int64_t id, std::int64_t total) {
  const std::int64_t last = last_id(db);
  const auto first = db.value<std::int64_t>("SELECT coalesce(min(id), 1) FROM event_log").value_or(1);
  if (last + 1 - first == total) return last + 1 - id;
  return db.value<std::int64_t>("SELECT count(*) FROM event_log WHERE id >= ?1", id).value_or(0);
}

// One statement for so many: what a statement costs is more than what a row costs.
constexpr std::size_t kRowsAtOnce = 16;

std::string insert_of(std::size_t rows) {
  std::string sql = "INSERT INTO event_log(ts, level, service, event, username, data, metadata) VALUES ";
  for (std::size_t i = 0; i < rows; ++i) sql += i == 0 ? "(?, ?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?, ?)";
  return sql;
}

void insert(store::Connection& db, std::span<LoggedEvent> events) {
  std::vector<std::pair<std::string, std::string>> texts;  // until the statement has run
  texts.reserve(events.size());
  db.execute_bound(insert_of(events.size()), [&](store::Statement& statement) {
    int index = 0;
    const auto bind = [&](const auto&... values) { (statement.bind(++index, values), ...); };
    for (const auto& [id, time, event] : events) {
      const auto& [data, metadata] = texts.emplace_back(texts_of(event));
      const auto username = event.username.empty() ? std::nullopt : std::optional<std::string_view>(event.username);
      bind(time, to_string(event.level), event.service, event.event, username, data, metadata);
    }
  });
  // Of one statement, and nobody else writes: they follow each other.
  std::int64_t next = db.last_id() - static_cast<std::int64_t>(events.size());
  for (LoggedEvent& each : events) each.id = ++next;
}

// The rows of `event_counts`, once for all events of a batch.
void count(store::Connection& db, std::span<const LoggedEvent> events) {
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::int64_t> numbers;
  for (const auto& [id, time, event] : events) ++numbers[{event.service, to_string(event.level), event.event}];
  for (const auto& [key, number] : numbers)
    db.execute(
        "INSERT INTO event_counts(service, level, event, n) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT(service, level, event) DO UPDATE SET n = n + excluded.n",
        std::get<0>(key), std::get<1>(key), std::get<2>(key), number);
}

// The category of the older shape: "chat" of "chat-service".
std::string category_of(const std::string& service) { return service.substr(0, service.find("-service")); }

using Counts = std::vector<std::pair<std::string, std::int64_t>>;
std::pair<std::string, std::int64_t> read_count(const store::Row& row) { return {row.text(0), row.number(1)}; }

}  // namespace

std::string_view to_string(Level level) {
  for (const auto& [name, value] : kLevels)
    if (value == level) return name;
  return "";
}

std::optional<Level> parse_level(std::string_view text) {
  for (const auto& [name, value] : kLevels)
    if (name == text) return value;
  return std::nullopt;
}

json::object to_json(const LoggedEvent& entry) {
  const Event& event = entry.event;
  return {{"id", entry.id},
          {"timestamp", protocol::time_text(entry.time)},
          {"level", to_string(event.level)},
          {"service", event.service},
          {"event", event.event},
          {"user", event.username},
          {"data", data_of(event)},
          {"metadata", metadata_of(event)},
          {"action", event.event},
          {"username", event.username},
          {"details", data_of(event)},
          {"category", category_of(event.service)}};
}

void append_events(store::Connection& db, std::span<LoggedEvent> events) {
  for (std::span<LoggedEvent> left = events; !left.empty();) {
    const std::size_t rows = std::min(left.size(), kRowsAtOnce);
    insert(db, left.first(rows));
    left = left.subspan(rows);
  }
  count(db, events);
}

EventPage find_events(store::Connection& db, const EventQuery& query) {
  // An empty text matches everything; event names come as a list.
  const std::string level = level_of(query), names = names_of(query);
  const std::int64_t after = query.after.value_or(0);
  const std::size_t limit = std::min(query.limit, kMostLogLimit);
  const std::int64_t offset = (std::max<std::int64_t>(query.page, 1) - 1) * static_cast<std::int64_t>(limit);
  const char* const order = query.is_ascending ? " ORDER BY id" : " ORDER BY id DESC";
  EventPage page;
  page.total = total_of(db, query);
  page.events = db.all(read_event, select_events(conditions_of(query) + order + " LIMIT ?6 OFFSET ?7"), after, level,
                       query.service, query.user, names, limit, offset);
  return page;
}

std::vector<LoggedEvent> events_after(store::Connection& db, std::int64_t id, std::size_t most) {
  return db.all(read_event, select_events(" WHERE id > ?1 ORDER BY id LIMIT ?2"), id, most);
}

std::int64_t last_event_id(store::Connection& db) {
  return db.value<std::int64_t>("SELECT seq FROM sqlite_sequence WHERE name = 'event_log'").value_or(0);
}

void keep_event_ids_beyond(store::Connection& db, std::int64_t id) {
  if (last_event_id(db) >= id) return;
  if (db.execute("UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'event_log'", id) == 0)
    db.execute("INSERT INTO sqlite_sequence(name, seq) VALUES ('event_log', ?1)", id);
}

EventStats event_stats(store::Connection& db, WallTime now) {
  EventStats stats;
  for (const auto& [level, n] : db.all(read_count, "SELECT level, sum(n) FROM event_counts GROUP BY level")) {
    stats.by_level[static_cast<std::size_t>(parse_level(level).value_or(Level::info))] = n;
    stats.total += n;
  }
  stats.by_service = db.all(read_count, "SELECT service, sum(n) FROM event_counts GROUP BY service ORDER BY service");
  stats.by_event =
      db.all(read_count, "SELECT event, sum(n) FROM event_counts GROUP BY event ORDER BY sum(n) DESC, event LIMIT 50");
  stats.last_day = number_from(db, first_since(db, now - std::chrono::hours(24)), stats.total);
  return stats;
}

void clear_events(store::Connection& db) {
  db.execute("DELETE FROM event_log");
  db.execute("DELETE FROM event_counts");
}

bool sweep_events(store::Connection& db, WallTime older_than, std::size_t most) {
  struct Gone {
    std::int64_t id;
    std::string service, level, event;
  };
  const auto gone = db.all(
      [](const store::Row& row) {
        return Gone{row.number(0), row.text(1), row.text(2), row.text(3)};
      },
      "SELECT id, service, level, event FROM event_log WHERE id < ?1 ORDER BY id LIMIT ?2", first_since(db, older_than),
      most);
  for (const Gone& one : gone) {
    db.execute("DELETE FROM event_log WHERE id = ?1", one.id);
    db.execute("UPDATE event_counts SET n = n - 1 WHERE service = ?1 AND level = ?2 AND event = ?3", one.service,
               one.level, one.event);
  }
  db.execute("DELETE FROM event_counts WHERE n <= 0");
  return gone.size() == most;
}

}  // namespace signaling::service
