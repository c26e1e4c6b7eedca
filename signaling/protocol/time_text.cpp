#include "signaling/protocol/time_text.h"

#include "turnd/base/time_text.h"

namespace signaling::protocol {

std::string time_text(WallTime time) { return turnd::base::time_text(time); }

std::optional<WallTime> parse_time(std::string_view text) { return turnd::base::parse_time(text); }

}  // namespace signaling::protocol
