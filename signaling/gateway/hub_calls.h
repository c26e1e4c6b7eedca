// HubCalls: what one connection has asked the hub and was not answered yet.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <boost/json/object.hpp>

#include "signaling/protocol/server_frame.h"

namespace signaling::gateway {

// A frame of the hub, parsed.
struct Heard {
  protocol::ServerType type;
  boost::json::object members;

  [[nodiscard]] bool is_error() const { return type == protocol::ServerType::error; }
  // Empty, 0 or null when it is not there or something else.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] const boost::json::value& value(std::string_view name) const;
};
[[nodiscard]] Heard parse_frame(const protocol::ServerFrame& frame);

class HubCalls {
 public:
  using Then = std::function<void(const Heard& reply)>;

  // The text of `request` with an id of its own. `then` is called once: with a reply, or never when the connection
  // ends.
  [[nodiscard]] std::string add(boost::json::object request, Then then);
  // Whether it was the reply to one of them, which has been told.
  [[nodiscard]] bool take(const Heard& heard);

 private:
  std::map<std::int64_t, Then> waiting_;
  std::int64_t last_id_ = 0;
};

}  // namespace signaling::gateway
