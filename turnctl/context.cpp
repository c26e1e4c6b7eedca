#include "turnctl/context.h"

#include <algorithm>

namespace turnctl {
namespace {

constexpr std::size_t kPage = 1000;  // the most that a list route gives at once

const boost::json::object& object_or_empty(const boost::json::value& value) {
  static const boost::json::object kEmpty;
  const boost::json::object* object = value.if_object();
  return object ? *object : kEmpty;
}

using Items = turnd::base::Result<boost::json::array, ExitStatus>;

// Said outright, since an array could be made of a number too.
Items reported(ExitStatus status) { return Items(boost::system::in_place_error, status); }

std::string page_target(const ListRequest& request, std::size_t count, const std::string& cursor) {
  std::string target = request.path + "?limit=" + std::to_string(count);
  for (const std::string& parameter : request.parameters) target += "&" + parameter;
  if (!cursor.empty()) target += "&cursor=" + percent_encoded(cursor);
  return target;
}

}  // namespace

int with_turnd(const Context& context, const std::function<int(ControlClient&)>& command) {
  auto client = ControlClient::connect(socket_candidates(context.socket));
  if (!client) return report(client.error(), kUnreachable, context.mode);
  return command(**client);
}

int run_request(const Context& context, const Request& request,
                const std::function<void(const boost::json::object&)>& show) {
  return with_turnd(context, [&](ControlClient& client) -> int {
    const auto reply = client.request(request.method, request.target, request.body);
    if (!reply) return report(reply.error(), kUnreachable, context.mode);
    if (!reply->ok()) return report(*reply, context.mode);
    if (context.json())
      print_json(reply->body);
    else
      show(object_or_empty(reply->body));
    return kDone;
  });
}

Items fetch_list(const Context& context, ControlClient& client, const ListRequest& request) {
  boost::json::array items;
  std::string cursor;
  while (!request.limit || items.size() < *request.limit) {
    const std::size_t wanted = request.limit ? std::min(kPage, *request.limit - items.size()) : kPage;
    const auto reply = client.request("GET", page_target(request, wanted, cursor));
    if (!reply) return reported(report(reply.error(), kUnreachable, context.mode));
    if (!reply->ok()) return reported(report(*reply, context.mode));
    const boost::json::object& page = object_or_empty(reply->body);
    if (const auto* more = page.if_contains("items"); more && more->is_array())
      std::ranges::copy(more->as_array(), std::back_inserter(items));
    const auto* next = page.if_contains("next");
    if (!next || !next->is_string()) break;
    cursor = next->as_string().c_str();
  }
  return items;
}

int run_list(const Context& context, const ListRequest& request,
             const std::function<void(const boost::json::array&)>& show) {
  return with_turnd(context, [&](ControlClient& client) -> int {
    const auto items = fetch_list(context, client, request);
    if (!items) return items.error();
    if (context.json())
      print_json(boost::json::object{{"items", *items}, {"next", nullptr}});
    else
      show(*items);
    return kDone;
  });
}

}  // namespace turnctl
