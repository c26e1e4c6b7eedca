#include "signaling/net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "turnd/posix/socket_address.h"
#include "turnd/posix/tcp_listener.h"

namespace signaling::net {

using turnd::posix::FileDescriptor;

namespace {

constexpr int kAcceptsPerTurn = 64;

ListenError error_of(const Listen& listen, const std::error_code& error) {
  const char* remedy = error.value() == EADDRINUSE ? "stop what uses it, or change listen"
                       : error.value() == EACCES   ? "take a port from 1024 on, or allow it with CAP_NET_BIND_SERVICE"
                       : error.value() == EADDRNOTAVAIL ? "name an address of this machine in listen"
                                                        : "change listen";
  return {to_string(listen), error.message(), remedy};
}

bool is_out_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

std::string to_string(const Listen& listen) {
  return (listen.tls ? "https://" : "http://") + to_string(listen.endpoint);
}

base::Result<FileDescriptor, ListenError> open_listening_socket(const Listen& listen) {
  auto socket = turnd::posix::open_tcp_listener(listen.endpoint);
  if (!socket) return error_of(listen, socket.error());
  return std::move(*socket);
}

base::Endpoint local_endpoint(int descriptor) { return turnd::posix::local_endpoint(descriptor); }

Listener::Listener(Loop& loop, FileDescriptor socket, OnAccepted on_accepted)
    : loop_(loop),
      socket_(std::move(socket)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      on_accepted_(std::move(on_accepted)) {
  // Everything of a turn is written at once: Nagle could only delay it. What is accepted inherits it.
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  (void)loop_.watch(socket_.get(), EPOLLIN, *this);
}

Listener::~Listener() { loop_.unwatch(socket_.get(), *this); }

void Listener::on_ready(std::uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    turnd::posix::SocketAddress peer;
    FileDescriptor accepted(::accept4(socket_.get(), &peer.generic, &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted) {
      if (is_out_of_descriptors(errno)) refuse_one();
      return;
    }
    on_accepted_(std::move(accepted), peer.endpoint());
  }
}

void Listener::refuse_one() {
  spare_.reset();
  FileDescriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)).reset();
  spare_ = FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace signaling::net
