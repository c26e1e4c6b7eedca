#include "turnd/net/listen_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "turnd/posix/socket_address.h"

namespace turnd::net {
namespace {

bool set_option(int descriptor, int level, int name, int value = 1) {
  return setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

std::string remedy_for(int error) {
  switch (error) {
    case EADDRINUSE:
      return "stop the other server on this port, or change `listen`";
    case EACCES:
      return "ports below 1024 need CAP_NET_BIND_SERVICE (the systemd unit gives it), or change `listen`";
    case EADDRNOTAVAIL:
      return "no interface has this address: change `listen`, or add the address first";
    case EAFNOSUPPORT:
      return "this machine has no such address family: take the line out of `listen`";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (LimitNOFILE)";
    default:
      return "change `listen`";
  }
}

}  // namespace

SocketError listen_error(const Listen& at, int error) {
  return {error, to_string(at), std::strerror(error), remedy_for(error)};
}

base::Result<posix::FileDescriptor, SocketError> open_listen_socket(const Listen& at, int type) {
  posix::FileDescriptor descriptor(
      socket(posix::family_of(at.endpoint.address), type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) return listen_error(at, errno);
  bool good = set_option(descriptor.get(), SOL_SOCKET, SO_REUSEPORT);
  if (type == SOCK_STREAM) good = good && set_option(descriptor.get(), SOL_SOCKET, SO_REUSEADDR);
  if (at.endpoint.address.is_v6()) good = good && set_option(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (type == SOCK_DGRAM && at.endpoint.address.is_unspecified())
    good = good && (at.endpoint.address.is_v4() ? set_option(descriptor.get(), IPPROTO_IP, IP_PKTINFO)
                                                : set_option(descriptor.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO));
  if (!good) return listen_error(at, errno);
  const posix::SocketAddress address(at.endpoint);
  if (bind(descriptor.get(), &address.generic, address.size) != 0) return listen_error(at, errno);
  return descriptor;
}

bool is_listen_address_taken(const Listen& at) {
  const int type = base::is_stream(at.transport) ? SOCK_STREAM : SOCK_DGRAM;
  const posix::FileDescriptor probe(socket(posix::family_of(at.endpoint.address), type | SOCK_CLOEXEC, 0));
  if (!probe || at.endpoint.port == 0) return false;
  if (at.endpoint.address.is_v6()) set_option(probe.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  // Connections in TIME_WAIT do not count; a listening socket does.
  if (type == SOCK_STREAM) set_option(probe.get(), SOL_SOCKET, SO_REUSEADDR);
  const posix::SocketAddress address(at.endpoint);
  return bind(probe.get(), &address.generic, address.size) != 0 && errno == EADDRINUSE;
}

}  // namespace turnd::net
