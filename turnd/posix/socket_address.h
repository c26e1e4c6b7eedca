// SocketAddress: an endpoint as the kernel's calls want it, without the 128 bytes of sockaddr_storage.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "turnd/base/endpoint.h"

namespace turnd::posix {

// AF_INET or AF_INET6; scope ids are always 0.
struct SocketAddress {
  SocketAddress() : v6{}, size(sizeof v6) {}
  explicit SocketAddress(const base::Endpoint& endpoint);
  [[nodiscard]] base::Endpoint endpoint() const;

  union {
    sockaddr generic;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  socklen_t size;
};

[[nodiscard]] inline int family_of(const base::IpAddress& address) { return address.is_v4() ? AF_INET : AF_INET6; }
[[nodiscard]] in_addr to_in_addr(const base::IpAddress& v4);
[[nodiscard]] in6_addr to_in6_addr(const base::IpAddress& v6);
[[nodiscard]] base::IpAddress to_address(const in_addr& v4);
[[nodiscard]] base::IpAddress to_address(const in6_addr& v6);

// Where a bound socket is.
[[nodiscard]] base::Endpoint local_endpoint(int descriptor);

}  // namespace turnd::posix
