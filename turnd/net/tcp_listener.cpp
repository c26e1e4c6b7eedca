#include "turnd/net/tcp_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "turnd/net/listen_socket.h"
#include "turnd/posix/socket_address.h"

namespace turnd::net {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kRest{100};

bool is_out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

base::Result<std::unique_ptr<TcpListener>, SocketError> TcpListener::open(const Listen& at, Poller& poller,
                                                                          Owner& owner) {
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
    posix::SocketAddress client;
    posix::FileDescriptor socket(accept4(socket_.get(), &client.generic, &client.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      owner_.on_connection(std::move(socket), client.endpoint().address, at_, now);
    } else if (is_out_of_resources(errno)) {
      return rest(now);
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;  // EAGAIN: the queue is empty
    }
  }
}

base::Endpoint TcpListener::local() const { return posix::local_endpoint(socket_.get()); }

void TcpListener::rest(const base::Now& now) {
  rests_until_ = now.monotonic + kRest;
  poller_.change(socket_.get(), 0, *this);
}

void TcpListener::on_time(const base::Now& now) {
  if (!rests_until_ || *rests_until_ > now.monotonic) return;
  rests_until_.reset();
  poller_.change(socket_.get(), EPOLLIN, *this);
}

}  // namespace turnd::net
