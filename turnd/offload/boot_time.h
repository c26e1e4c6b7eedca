// The clock of programs in the kernel, beside this process's.
#pragma once

#include <istream>

#include "turnd/base/clock.h"

namespace turnd::offload {

// How far CLOCK_BOOTTIME of this process is ahead of the kernel's own, which programs go by: a time namespace shifts it
// (time_namespaces(7)).
[[nodiscard]] base::Duration boot_time_ahead();
// From the lines of /proc/self/timens_offsets; zero where none is of this clock.
[[nodiscard]] base::Duration read_boot_time_ahead(std::istream& offsets);

}  // namespace turnd::offload
