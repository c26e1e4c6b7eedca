// Which signald this is.
#pragma once

#include <string_view>

namespace signaling {

inline constexpr std::string_view kVersion = TURND_VERSION;
#ifdef SIGNALD_COMMIT
inline constexpr std::string_view kCommit = SIGNALD_COMMIT;
#else
inline constexpr std::string_view kCommit = "";
#endif

}  // namespace signaling
