#include "turnctl/bench/process_cost.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace turnctl::bench {

std::optional<ProcessCost> cost_of(std::int64_t pid) {
  clockid_t clock{};
  timespec time{};
  if (pid <= 0 || clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || clock_gettime(clock, &time) != 0)
    return std::nullopt;
  ProcessCost cost;
  cost.cpu = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  std::ifstream memory("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident_pages = 0;
  if (memory >> pages >> resident_pages)
    cost.resident = resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return cost;
}

}  // namespace turnctl::bench
