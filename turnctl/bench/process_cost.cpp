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

// "cpu0 user nice system idle iowait ...", in units of 1/USER_HZ s. What is not idle is the rest of the time: the
// kernel measures idleness, but samples the other columns at its ticks.
std::chrono::nanoseconds busy_time(const cpu_set_t& processors) {
  std::ifstream file("/proc/stat");
  std::int64_t idle = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name;
    std::array<std::int64_t, 5> times{};
    fields >> name;
    if (!name.starts_with("cpu") || name.size() == 3) continue;
    for (std::int64_t& time : times) fields >> time;
    const auto number = static_cast<std::size_t>(std::strtoul(name.c_str() + 3, nullptr, 10));
    if (number < CPU_SETSIZE && CPU_ISSET(number, &processors)) idle += times[3] + times[4];
  }
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return CPU_COUNT(&processors) * now - std::chrono::nanoseconds(idle * (1'000'000'000 / sysconf(_SC_CLK_TCK)));
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
