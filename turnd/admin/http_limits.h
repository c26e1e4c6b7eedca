// What one client of the control plane may cost (operations.md D3, D5, D6).
#pragma once

#include <chrono>
#include <cstddef>

namespace turnd::admin {

struct HttpLimits {
  std::size_t header = 16 * 1024;  // bytes, request line included
  std::size_t body = 64 * 1024;
  std::size_t connections = 256;              // a door
  std::chrono::milliseconds request{10'000};  // from a request's first byte to its last
  std::chrono::milliseconds reply{30'000};    // for a client to read a whole reply
  std::chrono::milliseconds linger{2'000};    // for a client to notice a reply that ends the connection
};

}  // namespace turnd::admin
