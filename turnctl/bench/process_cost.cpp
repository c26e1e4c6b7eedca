#include "turnctl/bench/process_cost.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace turnctl::bench {
namespace {

// "cpu0 user nice system idle iowait irq softirq steal ...", in units of 1/USER_HZ s
std::chrono::nanoseconds busy_time(const cpu_set_t& processors) {
  std::ifstream file("/proc/stat");
  std::string name;
  std::int64_t busy = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::array<std::int64_t, 7> times{};
    fields >> name;
    if (!name.starts_with("cpu") || name.size() == 3) continue;
    for (std::int64_t& time : times) fields >> time;
    const auto number = static_cast<std::size_t>(std::strtoul(name.c_str() + 3, nullptr, 10));
    if (number < CPU_SETSIZE && CPU_ISSET(number, &processors))
      busy += times[0] + times[1] + times[2] + times[5] + times[6];
  }
  return std::chrono::nanoseconds(busy * (1'000'000'000 / sysconf(_SC_CLK_TCK)));
}

}  // namespace

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
  cpu_set_t processors;
  CPU_ZERO(&processors);
  if (sched_getaffinity(static_cast<pid_t>(pid), sizeof processors, &processors) == 0)
    cost.processors = busy_time(processors);
  return cost;
}

}  // namespace turnctl::bench
