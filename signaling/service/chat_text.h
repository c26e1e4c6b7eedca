// What a chat message may say, and what a search may ask.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"

namespace signaling::service {

// The text as stored: not empty, at most `most` bytes (0: any number); K4, G61.
[[nodiscard]] protocol::Outcome<std::string> checked_content(std::string_view text, std::size_t most);

// The words of a search as FTS5's MATCH takes them, each quoted, so that no syntax reaches it (K6). Empty: no word.
[[nodiscard]] std::string match_expression(std::string_view text);

}  // namespace signaling::service
