#include "signaling/gateway/hub_calls.h"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace signaling::gateway {

namespace json = boost::json;

std::string Heard::text(std::string_view name) const {
  const json::value& found = value(name);
  return found.is_string() ? std::string(found.get_string()) : std::string();
}

std::int64_t Heard::integer(std::string_view name) const {
  const json::value& found = value(name);
  return found.is_int64() ? found.get_int64() : 0;
}

const json::value& Heard::value(std::string_view name) const {
  static const json::value kNull;
  const json::value* found = members.if_contains(name);
  return found ? *found : kNull;
}

// Relayed values may be as deep as the hub lets them in, one level down.
Heard parse_frame(const protocol::ServerFrame& frame) {
  json::parse_options options;
  options.max_depth = 64;
  json::error_code error;
  json::value value = json::parse(protocol::whole_text(frame), error, {}, options);
  return {frame.type, !error && value.is_object() ? std::move(value.get_object()) : json::object()};
}

std::string HubCalls::add(json::object request, Then then) {
  request["id"] = ++last_id_;
  waiting_.emplace(last_id_, std::move(then));
  return json::serialize(request);
}

bool HubCalls::take(const Heard& heard) {
  const auto found = waiting_.find(heard.integer("id"));
  if (found == waiting_.end()) return false;
  const Then then = std::move(found->second);
  waiting_.erase(found);
  then(heard);
  return true;
}

}  // namespace signaling::gateway
