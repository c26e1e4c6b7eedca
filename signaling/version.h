// Which signald this is.
#pragma once

#include <string_view>

namespace signaling {

inline constexpr std::string_view kVersion = TURND_VERSION;
// The whole hash (.cmake/commit.cmake); empty: it was not built from a checkout.
extern const std::string_view kCommit;

}  // namespace signaling
