// Names of meetings: the code for people, the UUID for links, and what a path may hold instead of either.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/random_source.h"

namespace signaling::service {

// Ten characters without vowels, I, O, 0, 1 and Y: no words, nothing that reads like something else (M12).
[[nodiscard]] std::string new_meeting_code(const turnd::base::RandomSource& random);

// Version 4 (RFC 9562 s5.4), lower case.
[[nodiscard]] std::string new_uuid(const turnd::base::RandomSource& random);

// As long as a code: eight characters of the same alphabet.
[[nodiscard]] std::string new_meeting_password(const turnd::base::RandomSource& random);

struct MeetingName {
  enum class Kind { code, uuid } kind;
  std::string text;  // upper case without hyphens, or lower case with them

  friend bool operator==(const MeetingName&, const MeetingName&) = default;
};

// What a path or a message names a meeting by. Empty: cannot be one, reserved words among them.
[[nodiscard]] std::optional<MeetingName> parse_meeting_name(std::string_view text);

}  // namespace signaling::service
