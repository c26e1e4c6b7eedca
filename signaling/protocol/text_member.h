// Reading JSON that a program of ours wrote.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace signaling::protocol {

// Empty when there is no such member, or it is no string.
[[nodiscard]] inline std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace signaling::protocol
