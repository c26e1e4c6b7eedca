// What became of something, for the metrics.
#pragma once

#include <string_view>

#include "signaling/protocol/failure.h"

namespace signaling::protocol {

// "success", or the code of the refusal.
template <class T>
[[nodiscard]] std::string_view result_name(const Outcome<T>& outcome) {
  return outcome ? std::string_view("success") : to_string(outcome.error().code);
}

}  // namespace signaling::protocol
