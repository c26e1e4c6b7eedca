#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "turnctl/link.h"
#include "turnctl/poll_wait.h"
#include "turnd/posix/socket_address.h"

namespace turnctl {
namespace {

using turnd::base::Endpoint;
using turnd::base::IpAddress;

std::optional<IpAddress> address_of(const addrinfo& entry) {
  if (entry.ai_family == AF_INET)
    return turnd::posix::to_address(reinterpret_cast<const sockaddr_in*>(entry.ai_addr)->sin_addr);
  if (entry.ai_family == AF_INET6)
    return turnd::posix::to_address(reinterpret_cast<const sockaddr_in6*>(entry.ai_addr)->sin6_addr);
  return std::nullopt;
}

Failure connect_failure(const Endpoint& server, int code) {
  const std::string remedy = code == ECONNREFUSED
                                 ? "is turnd running, and does `listen` have this port?"
                                 : "check the address, the route and the firewall in front of the server";
  return {"cannot connect to " + to_string(server) + ": " + std::strerror(code), remedy};
}

// 0: connected, else errno.
int wait_connected(int descriptor, Deadline deadline) {
  if (!wait_for(descriptor, POLLOUT, deadline)) return ETIMEDOUT;
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size);
  return code;
}

}  // namespace

Outcome<std::vector<IpAddress>> resolve(const std::string& host) {
  if (const auto literal = IpAddress::parse(host)) return std::vector{*literal};
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0)
    return Failure{"cannot resolve " + host + ": " + gai_strerror(error),
                   "check the name, and the DNS of this machine"};
  std::vector<IpAddress> addresses;
  for (const addrinfo* entry = found; entry; entry = entry->ai_next)
    if (const auto address = address_of(*entry)) addresses.push_back(*address);
  freeaddrinfo(found);
  if (addresses.empty()) return Failure{host + " has no address", "add an A or AAAA record for it"};
  return addresses;
}

Outcome<std::unique_ptr<Connection>> Connection::open(const Endpoint& server, turnd::base::Transport transport,
                                                      Deadline deadline) {
  const int type = turnd::base::is_stream(transport) ? SOCK_STREAM : SOCK_DGRAM;
  const int descriptor = socket(server.address.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return connect_failure(server, errno);
  std::unique_ptr<Connection> connection(new Connection(descriptor, transport));
  const turnd::posix::SocketAddress address(server);
  if (connect(descriptor, &address.generic, address.size) == 0) return connection;
  if (errno != EINPROGRESS) return connect_failure(server, errno);
  if (const int code = wait_connected(descriptor, deadline); code != 0) return connect_failure(server, code);
  return connection;
}

Connection::~Connection() { ::close(descriptor_); }

}  // namespace turnctl
