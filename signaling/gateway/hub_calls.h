// HubCalls: what one connection has asked the hub and was not answered yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/protocol/json_members.h"
#include "signaling/protocol/server_frame.h"

namespace signaling::gateway {

// A frame of the hub, read.
class Heard {
 public:
  Heard() = default;
  explicit Heard(const protocol::ServerFrame& frame);

  protocol::ServerType type{};
  [[nodiscard]] bool is_error() const { return type == protocol::ServerType::error; }
  // Empty or 0 when it is not there or something else.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  // The JSON of a member; `null` when it is not there. Slices of this.
  [[nodiscard]] std::string_view json(std::string_view name) const;
  [[nodiscard]] const protocol::JsonMembers& members() const { return members_; }

 private:
  std::unique_ptr<const std::string> text_;  // stays where it is when this moves: the members are slices of it
  protocol::JsonMembers members_;
};

// A request to the hub in signald.v1, still open: members are added by JsonWriter, and HubCalls closes it.
[[nodiscard]] std::string open_request(std::string_view type);

class HubCalls {
 public:
  using Then = std::function<void(const Heard& reply)>;

  // The text of an open request with an id of its own. `then` is called once: with a reply, or never when the
  // connection ends.
  [[nodiscard]] std::string add(std::string request, Then then);
  // Whether it was the reply to one of them, which has been told.
  [[nodiscard]] bool take(const Heard& heard);

 private:
  std::map<std::int64_t, Then> waiting_;
  std::int64_t last_id_ = 0;
};

}  // namespace signaling::gateway
