// name_key: what two names have in common when people take them for the same one.
#pragma once

#include <string>
#include <string_view>

namespace signaling::protocol {

// Unicode's NFKC_Casefold: without regard to case, to compatibility forms (full width, ligatures) and to characters
// that are not seen. Of well-formed UTF-8.
[[nodiscard]] std::string name_key(std::string_view name);

}  // namespace signaling::protocol
