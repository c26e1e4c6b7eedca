// SocketAddress: an endpoint in the form of the kernel's calls.
#pragma once

#include <sys/socket.h>

#include "turnd/base/endpoint.h"

namespace turnctl {

class SocketAddress {
 public:
  explicit SocketAddress(const turnd::base::Endpoint& endpoint);
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

// Where a bound socket is.
[[nodiscard]] turnd::base::Endpoint local_endpoint(int descriptor);

}  // namespace turnctl
