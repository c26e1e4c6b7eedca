#include "turnd/posix/socket_address.h"

#include <array>
#include <cstring>

namespace turnd::posix {

in_addr to_in_addr(const base::IpAddress& v4) {
  in_addr address{};
  std::memcpy(&address, v4.octets().data(), sizeof address);
  return address;
}

in6_addr to_in6_addr(const base::IpAddress& v6) {
  in6_addr address{};
  std::memcpy(&address, v6.octets().data(), sizeof address);
  return address;
}

base::IpAddress to_address(const in_addr& v4) {
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &v4, sizeof v4);
  return base::IpAddress::v4(octets);
}

base::IpAddress to_address(const in6_addr& v6) {
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &v6, sizeof v6);
  return base::IpAddress::v6(octets);
}

SocketAddress::SocketAddress(const base::Endpoint& endpoint) : SocketAddress() {
  if (endpoint.address.is_v4()) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    v4.sin_addr = to_in_addr(endpoint.address);
    size = sizeof v4;
  } else {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_addr = to_in6_addr(endpoint.address);
  }
}

base::Endpoint SocketAddress::endpoint() const {
  if (generic.sa_family == AF_INET) return {to_address(v4.sin_addr), ntohs(v4.sin_port)};
  return {to_address(v6.sin6_addr), ntohs(v6.sin6_port)};
}

base::Endpoint local_endpoint(int descriptor) {
  SocketAddress address;
  getsockname(descriptor, &address.generic, &address.size);
  return address.endpoint();
}

}  // namespace turnd::posix
