// The small texts of HTTP: percent encoding, queries, cookies, and the two spellings of a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaling::api {

// nullopt: a % that is not followed by two hex digits, or a zero byte.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);
// The first value of that name; a plus is a space.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);
// "max_participants" for "maxParticipants" and the reverse (R9).
[[nodiscard]] std::string other_spelling(std::string_view name);
// Of a Cookie field.
[[nodiscard]] std::optional<std::string> cookie_value(std::string_view cookies, std::string_view name);

}  // namespace signaling::api
