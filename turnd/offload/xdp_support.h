// What XDP needs of the kernel and of drivers, besides being attached.
#pragma once

#include <optional>
#include <string>

#include "turnd/base/endpoint.h"
#include "turnd/offload/interfaces.h"

namespace turnd::offload {

// Why a program at this interface's driver could not send from there, in one sentence; nothing when it can. Asked for
// when the program is attached: some drivers make room for frames only then.
[[nodiscard]] std::optional<std::string> why_no_frames_leave(const Interface& interface);

// The program asks for its ways out as for packets of this machine's own, which the kernel answers only where lo
// forwards.
[[nodiscard]] bool answers_ways_out(base::Family family);
// The key of sysctl that makes it.
[[nodiscard]] std::string key_for_ways_out(base::Family family);

}  // namespace turnd::offload
