// The head of an answer, as it goes over the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "signaling/net/http.h"

namespace signaling::net {

enum class After : std::uint8_t { keep_alive, close };
// With Date and Content-Length. A field that holds a line break is left out.
[[nodiscard]] std::string response_head(const Response& response, After after);
[[nodiscard]] std::string upgrade_head(std::string_view accept_key, std::string_view protocol);

}  // namespace signaling::net
