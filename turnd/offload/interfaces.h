// The interfaces at which the kernel can relay.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "turnd/base/endpoint.h"

namespace turnd::offload {

struct Interface {
  int index = 0;
  std::string name;
  std::uint32_t mtu = 0;
  std::array<std::uint8_t, 6> ethernet_address{};
  std::string driver;  // empty: it does not tell
  friend bool operator==(const Interface&, const Interface&) = default;
};

// Those with Ethernet frames that are up and have one of these addresses.
[[nodiscard]] std::vector<Interface> interfaces_with(const std::vector<base::IpAddress>& addresses);

}  // namespace turnd::offload
