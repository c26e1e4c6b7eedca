#include "signaling/net/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace signaling::net {
namespace {

constexpr int kAcceptsPerTurn = 64;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

SocketAddress to_socket_address(const base::Endpoint& endpoint) {
  SocketAddress out;
  const base::ByteView octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint.port);
    std::memcpy(&v4->sin_addr, octets.data(), octets.size());
    out.size = sizeof *v4;
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    std::memcpy(&v6->sin6_addr, octets.data(), octets.size());
    out.size = sizeof *v6;
  }
  return out;
}

base::Endpoint to_endpoint(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &v4->sin_addr, octets.size());
    return {base::IpAddress::v4(octets), ntohs(v4->sin_port)};
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &v6->sin6_addr, octets.size());
  return {base::IpAddress::v6(octets), ntohs(v6->sin6_port)};
}

ListenError error_of(const Listen& listen, int error) {
  const char* remedy = error == EADDRINUSE      ? "stop what uses it, or change listen"
                       : error == EACCES        ? "take a port from 1024 on, or allow it with CAP_NET_BIND_SERVICE"
                       : error == EADDRNOTAVAIL ? "name an address of this machine in listen"
                                                : "change listen";
  return {to_string(listen), std::generic_category().message(error), remedy};
}

bool is_out_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

std::string to_string(const Listen& listen) {
  return (listen.tls ? "https://" : "http://") + to_string(listen.endpoint);
}

base::Result<Descriptor, ListenError> open_listening_socket(const Listen& listen) {
  const int family = listen.endpoint.address.is_v4() ? AF_INET : AF_INET6;
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return error_of(listen, errno);
  const int on = 1;
  if (family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const SocketAddress address = to_socket_address(listen.endpoint);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0)
    return error_of(listen, errno);
  return socket;
}

base::Endpoint local_endpoint(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return to_endpoint(storage);
}

Listener::Listener(Loop& loop, Descriptor socket, OnAccepted on_accepted)
    : loop_(loop),
      socket_(std::move(socket)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      on_accepted_(std::move(on_accepted)) {
  (void)loop_.watch(socket_.get(), EPOLLIN, *this);
}

Listener::~Listener() { loop_.unwatch(socket_.get(), *this); }

void Listener::on_ready(std::uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    Descriptor accepted(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted) {
      if (is_out_of_descriptors(errno)) refuse_one();
      return;
    }
    // Everything of a turn is written at once: Nagle could only delay it.
    const int on = 1;
    ::setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    on_accepted_(std::move(accepted), to_endpoint(storage));
  }
}

void Listener::refuse_one() {
  spare_.reset();
  Descriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)).reset();
  spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace signaling::net
