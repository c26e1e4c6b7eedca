// Problem: an error reply of the control API (RFC 9457; operations.md D1, D2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "turnd/base/result.h"

namespace turnd::control {

enum class ProblemCode : std::uint8_t {
  bad_request,
  not_found,
  method_not_allowed,
  timeout,
  conflict,
  too_large,
  invalid_config,
  header_too_large,
  internal,
  unavailable,
};

std::string_view to_string(ProblemCode code);
[[nodiscard]] int http_status(ProblemCode code);

struct Problem {
  ProblemCode code = ProblemCode::internal;
  std::string detail;         // a sentence for a person
  boost::json::array errors;  // invalid_config only: what is wrong, item by item (D17)
  std::string file = {};      // and the file that it is about, when there is one
};

[[nodiscard]] Problem bad_request(std::string detail);
[[nodiscard]] Problem not_found(std::string detail);

[[nodiscard]] boost::json::object to_json(const Problem& problem);

template <class Value>
using Parsed = base::Result<Value, Problem>;

}  // namespace turnd::control
