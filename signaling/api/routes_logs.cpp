// /api/logs: the event log (signaling.md 2.2, 2.8, 2.11 L1-L3).
#include "signaling/api/chat_routes.h"
#include "signaling/protocol/time_text.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::EventQuery;

constexpr std::int64_t kLargest = std::int64_t{1} << 53;
constexpr std::int64_t kMostPage = 1'000'000'000;

Outcome<EventQuery> read_query(const Call& call) {
  EventQuery query;
  if (const auto level = call.query("level")) {
    query.level = service::parse_level(*level);
    if (!query.level) return protocol::bad_field("level", "must be info, warn or error");
  }
  if (const auto order = call.query("order")) {
    if (*order != "asc" && *order != "desc") return protocol::bad_field("order", "must be asc or desc");
    query.is_ascending = *order == "asc";
  }
  query.service = call.query("service").value_or("");
  query.event = call.query("event").value_or("");
  query.user = call.query("user").value_or("");
  const auto limit = call.number("limit", 100, static_cast<std::int64_t>(service::kMostLogLimit));
  if (!limit) return limit.error();
  const auto page = call.number("page", 1, kMostPage);
  if (!page) return page.error();
  query.limit = static_cast<std::size_t>(*limit);
  query.page = *page;
  // Zero is where a replay begins.
  if (call.query("after") && call.query("after") != "0") {
    const auto after = call.number("after", 1, kLargest);
    if (!after) return after.error();
    query.after = *after;
  }
  return query;
}

json::object page_json(const service::EventPage& page, const EventQuery& query) {
  json::array logs;
  for (const service::LoggedEvent& entry : page.events) logs.push_back(to_json(entry));
  const auto limit = static_cast<std::int64_t>(query.limit);
  const std::int64_t pages = (page.total + limit - 1) / limit;
  json::object body{{"total", page.total},
                    {"pagination", json::object{{"currentPage", query.page},
                                                {"totalPages", pages},
                                                {"totalLogs", page.total},
                                                {"hasNext", query.page < pages},
                                                {"hasPrev", query.page > 1}}}};
  body["logs"] = std::move(logs);
  return body;
}

json::object stats_json(const service::EventStats& stats) {
  json::object by_service;
  for (const auto& [name, n] : stats.by_service) by_service[name] = n;
  json::array breakdown;
  for (const auto& [name, n] : stats.by_event) breakdown.push_back(json::object{{"_id", name}, {"count", n}});
  json::object inner{{"totalLogs", stats.total}, {"logsLast24h", stats.last_day}};
  inner["actionBreakdown"] = std::move(breakdown);
  return {
      {"total", stats.total},
      {"byLevel", json::object{{"info", stats.by_level[0]}, {"warn", stats.by_level[1]}, {"error", stats.by_level[2]}}},
      {"byService", std::move(by_service)},
      {"message", "Log statistics"},
      {"stats", std::move(inner)}};
}

// Replies with what `work` makes, on a thread of the events' database.
template <class Work>
auto replying(const std::shared_ptr<Call>& call, Work work) {
  return [call, work](auto stored) {
    if (!stored) return call->reply(failure(ErrorCode::unavailable));
    call->reply(ok(work(*stored)));
  };
}

void find(const LogParts& parts, const std::shared_ptr<Call>& call, const EventQuery& query) {
  parts.events.read([query](store::Connection& db) { return service::find_events(db, query); },
                    replying(call, [query](const service::EventPage& page) { return page_json(page, query); }));
}

void list(const LogParts& parts, const std::shared_ptr<Call>& call) {
  const auto query = read_query(*call);
  if (!query) return call->reply(query.error());
  find(parts, call, *query);
}

void of_user(const LogParts& parts, const std::shared_ptr<Call>& call) {
  auto query = read_query(*call);
  if (!query) return call->reply(query.error());
  query->user = call->parameter("user");
  find(parts, call, *query);
}

void stats(const LogParts& parts, const std::shared_ptr<Call>& call) {
  const WallTime now = call->around().wall_clock();
  parts.events.read([now](store::Connection& db) { return service::event_stats(db, now); }, replying(call, stats_json));
}

void clear(const LogParts& parts, const std::shared_ptr<Call>& call) {
  parts.events.write(
      [](store::Connection& db) {
        service::clear_events(db);
        return true;
      },
      replying(call, [](bool) {
        return json::object{{"message", "Logs cleared successfully"}};
      }));
}

}  // namespace

void add_log_routes(Router& router, const LogParts& parts) {
  const auto directly = [parts](auto handler) {
    return [parts, handler](const std::shared_ptr<Call>& call) { handler(parts, call); };
  };
  const Access access = parts.open_logs ? Access::open : Access::admin;
  router.direct(Method::get, "/api/logs", access, directly(list));
  router.direct(Method::get, "/api/logs/recent", access, directly(list));
  router.direct(Method::get, "/api/logs/stats", access, directly(stats));
  router.direct(Method::get, "/api/logs/user/{user}", access, directly(of_user));
  router.direct(Method::del, "/api/logs", access, directly(clear));
}

}  // namespace signaling::api
