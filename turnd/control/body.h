// The body of a request as one JSON object, read strictly (operations.md D3, D4).
#pragma once

#include <span>
#include <string_view>

#include <boost/json/object.hpp>

#include "turnd/control/problem.h"

namespace turnd::control {

inline constexpr std::size_t kDeepestBody = 32;

// An empty body is {}. Anything but one object, bytes after it, nesting over kDeepestBody, invalid UTF-8, a member
// that is not `allowed` and a member given twice are problems that say so.
[[nodiscard]] Parsed<boost::json::object> parse_body(std::string_view body, std::span<const std::string_view> allowed);

}  // namespace turnd::control
