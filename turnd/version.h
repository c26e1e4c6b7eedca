// The version, as the build system knows it.
#pragma once

namespace turnd {

inline constexpr const char* kVersion = TURND_VERSION;

}  // namespace turnd
