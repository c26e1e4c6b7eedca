// Failure: why a request was refused, in the terms of its sender; Outcome: what was asked for, or a Failure.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "signaling/protocol/error_code.h"
#include "turnd/base/result.h"

namespace signaling::protocol {

struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::map<std::string, std::vector<std::string>> errors;  // by field, in the spelling of the resource
  std::optional<std::chrono::milliseconds> retry_after;
  boost::json::object details;
};

template <class T>
using Outcome = turnd::base::Result<T, Failure>;

[[nodiscard]] inline Failure failure(ErrorCode code) {
  Failure made;
  made.code = code;
  made.message = default_message(code);
  return made;
}

[[nodiscard]] inline Failure failure(ErrorCode code, std::string message) {
  Failure made;
  made.code = code;
  made.message = std::move(message);
  return made;
}

// A field that cannot be accepted: `bad_request` that names it.
[[nodiscard]] inline Failure bad_field(std::string field, std::string why) {
  Failure made = failure(ErrorCode::bad_request, field + ": " + why);
  made.errors[std::move(field)].push_back(std::move(why));
  return made;
}

[[nodiscard]] inline Failure rate_limited(std::chrono::milliseconds retry_after) {
  Failure made = failure(ErrorCode::rate_limited);
  made.retry_after = retry_after;
  return made;
}

// For Outcome::value(), whose caller is sure that there is one.
[[noreturn]] inline void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::logic_error("a failure was taken for a value: " + failure.message);
}

}  // namespace signaling::protocol
