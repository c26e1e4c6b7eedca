// KernelFeatures: what this kernel offers beyond the plain calls on sockets; asked once, at the start.
#pragma once

#include <string_view>
#include <vector>

namespace turnd::net {

// Whatever is missing has a plain way beside it: everything works with none of them.
struct KernelFeatures {
  bool udp_gso = false;       // UDP_SEGMENT: datagrams of one size to one destination leave as one (Linux 4.18)
  bool udp_gro = false;       // UDP_GRO: they come as one (Linux 5.0)
  bool epoll_pwait2 = false;  // waits are exact to the nanosecond, not to the millisecond (Linux 5.11)
  friend bool operator==(const KernelFeatures&, const KernelFeatures&) = default;
};

[[nodiscard]] KernelFeatures probe_kernel_features();

// Takes features away: `names` as an operator writes them, "gso,gro,epoll_pwait2". Returns the names that are none.
[[nodiscard]] std::vector<std::string_view> switch_off(std::string_view names, KernelFeatures& features);

}  // namespace turnd::net
