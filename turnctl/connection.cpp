#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

// Bytes of a stream beyond its window, of which the kernel then takes no more.
constexpr int kMostNotSent = 64 * 1024;

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
  auto connection = begin(server, transport);
  if (!connection) return connection.error();
  const int descriptor = (*connection)->descriptor();
  if (turnd::base::is_stream(transport) && !wait_for(descriptor, POLLOUT, deadline))
    return connect_failure(server, ETIMEDOUT);
  if (const auto open = (*connection)->is_open(); !open) return open.error();
  return connection;
}

Outcome<std::unique_ptr<Connection>> Connection::begin(const Endpoint& server, turnd::base::Transport transport,
                                                       std::uint16_t from_port) {
  const int type = turnd::base::is_stream(transport) ? SOCK_STREAM : SOCK_DGRAM;
  const int descriptor = socket(server.address.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return connect_failure(server, errno);
  std::unique_ptr<Connection> connection(new Connection(descriptor, server, transport));
  // What is not on its way yet only adds to what a measurement takes for latency.
  if (turnd::base::is_stream(transport))
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMostNotSent, sizeof kMostNotSent);
  if (from_port != 0) {
    const auto any = server.address.is_v4() ? IpAddress::v4({}) : IpAddress::v6({});
    const turnd::posix::SocketAddress local(Endpoint{any, from_port});
    if (bind(descriptor, &local.generic, local.size) != 0)
      return Failure{"cannot use port " + std::to_string(from_port) + ": " + std::strerror(errno),
                     "is it in use on this machine?"};
  }
  const turnd::posix::SocketAddress address(server);
  if (connect(descriptor, &address.generic, address.size) != 0 && errno != EINPROGRESS)
    return connect_failure(server, errno);
  return connection;
}

Outcome<bool> Connection::is_open() const {
  if (!turnd::base::is_stream(transport_)) return true;
  pollfd ready{descriptor_, POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return false;
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return connect_failure(server_, code);
  return true;
}

Connection::~Connection() { ::close(descriptor_); }

}  // namespace turnctl
