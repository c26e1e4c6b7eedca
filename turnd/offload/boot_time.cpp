#include "turnd/offload/boot_time.h"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

namespace turnd::offload {

base::Duration boot_time_ahead() {
  std::ifstream offsets("/proc/self/timens_offsets");  // none before Linux 5.6, nor namespaces of time
  return read_boot_time_ahead(offsets);
}

base::Duration read_boot_time_ahead(std::istream& offsets) {
  std::string clock;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  while (offsets >> clock >> seconds >> nanoseconds)
    if (clock == "boottime" || clock == "7") return std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds);
  return base::Duration::zero();
}

}  // namespace turnd::offload
