#include "turnd/posix/tcp_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "turnd/posix/socket_address.h"

namespace turnd::posix {

base::Result<FileDescriptor, std::error_code> open_tcp_listener(const base::Endpoint& at) {
  const SocketAddress address(at);
  FileDescriptor socket(::socket(address.generic.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::error_code(errno, std::generic_category());
  const int on = 1;
  if (at.address.is_v6()) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), &address.generic, address.size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return std::error_code(errno, std::generic_category());
  return socket;
}

}  // namespace turnd::posix
