// Netlink: asks the kernel for routes, and hears when they or the interfaces change (rtnetlink(7)).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/offload/netlink_socket.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {

// How a packet from `source` to `destination` leaves this machine.
struct WayOut {
  enum class Kind : std::uint8_t { interface, local, none };
  Kind kind = Kind::none;
  int interface = 0;
  std::optional<std::uint32_t> mtu;  // of the route, when it differs from its interface's
};

// One thread's. Each question is one system call there and one back.
class RouteTable {
 public:
  // errno when the socket cannot be had.
  [[nodiscard]] static base::Result<RouteTable, int> open();
  [[nodiscard]] WayOut find(const base::IpAddress& source, const base::IpAddress& destination);

 private:
  explicit RouteTable(NetlinkSocket socket) : socket_(std::move(socket)) {}
  NetlinkSocket socket_;
};

// Routes, rules of routing, addresses and interfaces, as they come and go.
class RouteMonitor {
 public:
  [[nodiscard]] static base::Result<RouteMonitor, int> open();
  struct Changes {
    bool any = false;
    std::vector<int> down;  // interfaces that went down, or away
  };
  // Since the last call. Does not wait.
  [[nodiscard]] Changes take_changes();

 private:
  explicit RouteMonitor(posix::FileDescriptor socket) : socket_(std::move(socket)) {}
  posix::FileDescriptor socket_;
};

}  // namespace turnd::offload
