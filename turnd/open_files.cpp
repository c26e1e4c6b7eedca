#include "turnd/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace turnd {
namespace {

constexpr std::uint64_t kOfTheServer = 256;  // listeners, control connections, database, log

std::uint64_t wanted(const config::Config& config, std::size_t workers) {
  const std::uint64_t ports = static_cast<std::uint64_t>(config.relay.ports.high - config.relay.ports.low + 1) *
                              std::max<std::size_t>(1, config.relay.addresses.size());
  const std::uint64_t allocations = config.limits.allocations == 0 ? ports : config.limits.allocations;
  return 2 * allocations + kOfTheServer + workers * 16;
}

}  // namespace

std::optional<std::string> raise_open_files_limit(const config::Config& resolved, std::size_t workers) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  const std::uint64_t needed = wanted(resolved, workers);
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= needed) return std::nullopt;
  return "open files: the limit is " + std::to_string(limit.rlim_max) + ", and " + std::to_string(needed) +
         " allocations and clients may want one; beyond it new ones are refused (raise LimitNOFILE, or set "
         "limits.allocations)";
}

}  // namespace turnd
