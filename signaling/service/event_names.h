// The names of events: one canonical one each, and the other spellings under which they are asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signaling::service {

// Every name that means the same event, the asked one included: what a filter matches.
[[nodiscard]] std::vector<std::string> event_spellings(std::string_view name);
// Whether one of these, in any spelling, is this event; none at all is every event.
[[nodiscard]] bool wants_event(const std::vector<std::string>& wanted, std::string_view event);
// Whether it belongs to the exchange `webrtc_events`.
[[nodiscard]] bool is_webrtc_event(std::string_view name);

}  // namespace signaling::service
