#include "turnd/net/tcp_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "turnd/net/listen_socket.h"
#include "turnd/net/socket_address.h"

namespace turnd::net {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 64;

}  // namespace

base::Result<std::unique_ptr<TcpListener>, SocketError> TcpListener::open(const Listen& at, Poller& poller, Owner& owner) {
  auto socket = open_listen_socket(at, SOCK_STREAM);
  if (!socket) return socket.error();
  if (::listen(socket->get(), kBacklog) != 0) return listen_error(at, errno);
  const int descriptor = socket->get();
  std::unique_ptr<TcpListener> listener(new TcpListener(at, std::move(*socket), poller, owner));
  if (!poller.add(descriptor, EPOLLIN, *listener)) return listen_error(at, errno);
  return listener;
}

TcpListener::~TcpListener() { poller_.remove(socket_.get(), *this); }

void TcpListener::on_ready(std::uint32_t /*events*/, const base::Now& now) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    SocketAddress client;
    FileDescriptor socket(accept4(socket_.get(), &client.generic, &client.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      owner_.on_connection(std::move(socket), client.endpoint().address, at_, now);
    } else if (errno == EMFILE || errno == ENFILE) {
      refuse_one();
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;  // EAGAIN: the queue is empty
    }
  }
}

void TcpListener::refuse_one() {
  owner_.spare_descriptor().give_up();
  (void)FileDescriptor(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  owner_.spare_descriptor().take_back();
}

}  // namespace turnd::net
