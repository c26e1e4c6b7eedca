// JSON from strangers: bounded in depth and in members, strictly UTF-8, the last of equal keys wins.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string_view>

#include "turnd/base/result.h"

namespace signaling::protocol {

inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonMembers = 256;  // of one object

enum class JsonError {
  malformed,  // no JSON text, bytes after it, or an escaped half of a surrogate pair
  not_utf8,
  too_deep,
  too_many_members,
  not_an_object,
};

// For logs and error messages.
[[nodiscard]] std::string_view to_string(JsonError error);

[[nodiscard]] turnd::base::Result<boost::json::value, JsonError> parse_json(std::string_view text);

// The same, for where only an object makes sense.
[[nodiscard]] turnd::base::Result<boost::json::object, JsonError> parse_json_object(std::string_view text);

}  // namespace signaling::protocol
