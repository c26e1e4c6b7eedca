// Writes files that nobody else may read.
#pragma once

#include <string>
#include <string_view>

namespace turnd::posix {

// Whole or not at all, also over a crash. False: it could not be, with errno.
[[nodiscard]] bool write_private_file(const std::string& path, std::string_view text);

}  // namespace turnd::posix
