// Lower-case hexadecimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"

namespace turnd::base {

[[nodiscard]] std::string to_hex(ByteView bytes);
// An even number of hex digits of either case and nothing else; nullopt otherwise.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

}  // namespace turnd::base
