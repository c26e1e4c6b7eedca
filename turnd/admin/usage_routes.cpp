// /v1/usage (operations.md D12).
#include <array>
#include <charconv>

#include "turnd/admin/route.h"
#include "turnd/admin/session_view.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

using control::Parsed;
constexpr std::string_view kList = "usage";

// The last record of a part: when it ended in nanoseconds, and its id.
std::string to_text(const store::UsageRecord& record) {
  return std::to_string(record.ended.time_since_epoch().count()) + ' ' + record.id;
}

// Of a text that the seal has vouched for.
store::UsagePosition parse_position(std::string_view text) {
  std::int64_t ended = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ended);
  const auto used = static_cast<std::size_t>(end - text.data());
  return {base::WallTime(base::Duration(ended)), std::string(text.substr(std::min(text.size(), used + 1)))};
}

Parsed<store::UsageQuery> to_query(const Call& call, const control::ListUsage& request) {
  // One more than is shown tells whether there is more.
  store::UsageQuery query{request.user, request.since, request.until, {}, request.page.limit + 1};
  if (!request.page.cursor) return query;
  const auto position = call.context.cursors.open(kList, *request.page.cursor);
  if (!position) return control::bad_request("This list has not given out that \"cursor\"");
  query.after = parse_position(*position);
  return query;
}

Parsed<Response> list_usage(const Call& call) {
  const auto request = control::parse_list_usage(call.query);
  if (!request) return request.error();
  const auto query = to_query(call, *request);
  if (!query) return query.error();
  store::UsageStore* const store = call.context.host.stores().usage;
  if (store == nullptr) return json_response(control::list_json({}, {}));  // D74: nothing is kept
  auto found = store->query(*query);
  if (!found)
    return control::Problem{
        control::ProblemCode::unavailable, "The database cannot be used: " + found.error().what, {}};
  std::optional<std::string> next;
  if (found->size() > request->page.limit) {
    found->resize(request->page.limit);
    next = call.context.cursors.seal(kList, to_text(found->back()));
  }
  boost::json::array items;
  for (const store::UsageRecord& record : *found) items.push_back(to_json(to_control(record)));
  return json_response(control::list_json(std::move(items), next));
}

}  // namespace

void add_usage_routes(std::vector<Route>& routes) {
  static constexpr std::array<std::string_view, 5> kFilters{"user", "since", "until", "limit", "cursor"};
  routes.push_back(
      {Method::get, "/v1/usage", list_usage, kFilters, {"What ended sessions used, newest first", "", "UsageList"}});
}

}  // namespace turnd::admin
