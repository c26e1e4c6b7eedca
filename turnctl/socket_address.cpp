#include "turnctl/socket_address.h"

#include <netinet/in.h>

#include <array>
#include <cstring>

namespace turnctl {

using turnd::base::Endpoint;
using turnd::base::IpAddress;

SocketAddress::SocketAddress(const Endpoint& endpoint) {
  if (endpoint.address.is_v4()) {
    auto* at = reinterpret_cast<sockaddr_in*>(&storage_);
    at->sin_family = AF_INET;
    at->sin_port = htons(endpoint.port);
    std::memcpy(&at->sin_addr, endpoint.address.octets().data(), 4);
    size_ = sizeof(sockaddr_in);
  } else {
    auto* at = reinterpret_cast<sockaddr_in6*>(&storage_);
    at->sin6_family = AF_INET6;
    at->sin6_port = htons(endpoint.port);
    std::memcpy(&at->sin6_addr, endpoint.address.octets().data(), 16);
    size_ = sizeof(sockaddr_in6);
  }
}

Endpoint local_endpoint(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size);
  if (storage.ss_family == AF_INET) {
    const auto* at = reinterpret_cast<const sockaddr_in*>(&storage);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &at->sin_addr, octets.size());
    return {IpAddress::v4(octets), ntohs(at->sin_port)};
  }
  const auto* at = reinterpret_cast<const sockaddr_in6*>(&storage);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &at->sin6_addr, octets.size());
  return {IpAddress::v6(octets), ntohs(at->sin6_port)};
}

}  // namespace turnctl
