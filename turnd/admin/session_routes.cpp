// /v1/sessions and /v1/events (operations.md D11, D13, D14, D28).
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "turnd/admin/route.h"
#include "turnd/admin/session_view.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

using control::Parsed;
constexpr std::string_view kList = "sessions";

// Where a list of sessions stands: sessions that live throughout a walk keep their place, so it shows each exactly
// once.
std::string to_text(const turn::SessionPlace& place) {
  return std::to_string(place.created.time_since_epoch().count()) + ' ' + std::to_string(place.id.value);
}

// Of a text that the seal has vouched for.
turn::SessionPlace parse_place(std::string_view text) {
  std::int64_t created = 0;
  std::uint64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, created);
  if (first.ptr != end) std::from_chars(first.ptr + 1, end, id);
  return {base::WallTime(base::WallTime::duration(created)), turn::SessionId{id}};
}

// A permission covers every port of its address, unless channels say which ones are meant.
struct HasPeer {
  const turn::SessionGlance& session;

  bool operator()(const base::IpAddress& address) const {
    return session.has_permission(address) || session.has_channel(address);
  }
  bool operator()(const base::Endpoint& endpoint) const {
    if (session.has_channel(endpoint.address)) return session.has_channel(endpoint);
    return session.has_permission(endpoint.address);
  }
};

bool is_wanted(const turn::SessionGlance& session, const control::ListSessions& request) {
  if (request.user && !is_of_user(session, *request.user)) return false;
  if (request.transport && session.tuple.transport != *request.transport) return false;
  return !request.peer || std::visit(HasPeer{session}, *request.peer);
}

Parsed<Response> list_sessions(const Call& call) {
  const auto request = control::parse_list_sessions(call.query);
  if (!request) return request.error();
  worker::SessionQuery query;
  query.which = [wanted = *request](const turn::SessionGlance& session) { return is_wanted(session, wanted); };
  query.limit = request->page.limit + 1;  // whether there is more
  if (request->page.cursor) {
    const auto position = call.context.cursors.open(kList, *request->page.cursor);
    if (!position) return control::bad_request("This list has not given out that \"cursor\"");
    query.after = parse_place(*position);
  }
  std::vector<turn::Session> sessions = call.context.host.workers().sessions(query);
  std::optional<std::string> next;
  if (sessions.size() > request->page.limit) {
    sessions.resize(request->page.limit);
    next = call.context.cursors.seal(kList, to_text(sessions.back().place()));
  }
  boost::json::array items;
  for (const turn::Session& session : sessions) items.push_back(to_json(to_control(session)));
  return json_response(control::list_json(std::move(items), next));
}

control::Problem no_session() { return control::not_found("There is no such session"); }

Parsed<Response> show_session(const Call& call) {
  const auto id = turn::parse_session_id(call.name);
  if (!id) return no_session();
  const auto session = call.context.host.workers().session(*id);
  if (!session) return no_session();
  return json_response(to_json(to_control(*session)));
}

Parsed<Response> end_session(const Call& call) {
  const auto id = turn::parse_session_id(call.name);
  if (!id || !call.context.host.workers().close_session(*id, turn::CloseReason::killed)) return no_session();
  return json_response(control::closed_json(1));
}

Parsed<Response> end_sessions(const Call& call) {
  const auto request = control::parse_end_sessions(call.query);
  if (!request) return request.error();
  const auto is_theirs = [user = request->user](const turn::SessionGlance& session) {
    return is_of_user(session, user);
  };
  return json_response(
      control::closed_json(call.context.host.workers().close_sessions(is_theirs, turn::CloseReason::killed)));
}

Parsed<Response> stream_events(const Call&) {
  Response response;
  response.content_type = "application/x-ndjson";
  response.content = Response::Content::events;
  return response;
}

}  // namespace

void add_session_routes(std::vector<Route>& routes) {
  static constexpr std::array<std::string_view, 5> kFilters{"user", "transport", "peer", "limit", "cursor"};
  static constexpr std::array<std::string_view, 1> kUser{"user"};
  routes.insert(
      routes.end(),
      {{Method::get, "/v1/sessions", list_sessions, kFilters, {"Live sessions, oldest first", "", "SessionList"}},
       {Method::del, "/v1/sessions", end_sessions, kUser, {"End all sessions of a user", "", "Closed"}},
       {Method::get, "/v1/sessions/{id}", show_session, {}, {"One live session", "", "Session"}},
       {Method::del, "/v1/sessions/{id}", end_session, {}, {"End one session", "", "Closed"}},
       {Method::get, "/v1/events", stream_events, {}, {"What happens, as it happens", "", "Event"}}});
}

}  // namespace turnd::admin
