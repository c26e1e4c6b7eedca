#include "signaling/gateway/hub_calls.h"

#include <utility>

#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {
namespace {

// Relayed values may be as deep as the hub lets them in, some levels down.
constexpr std::size_t kMaxDepth = 64;

}  // namespace

Heard::Heard(const protocol::ServerFrame& frame)
    : type(frame.type), text_(std::make_unique<const std::string>(protocol::whole_text(frame))) {
  if (auto members = protocol::JsonMembers::parse(*text_, kMaxDepth)) members_ = std::move(*members);
}

std::string Heard::text(std::string_view name) const { return protocol::json_string(json(name)).value_or(""); }

std::int64_t Heard::integer(std::string_view name) const { return protocol::json_integer(json(name)).value_or(0); }

std::string_view Heard::json(std::string_view name) const { return members_.find(name).value_or("null"); }

std::string open_request(std::string_view type) {
  std::string text;
  protocol::JsonWriter(text).begin_object().text("type", type);
  return text;
}

std::string HubCalls::add(std::string request, Then then) {
  waiting_.emplace(++last_id_, std::move(then));
  protocol::JsonWriter(request).integer("id", last_id_).end_object();
  return request;
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
