// StreamFixture: a StreamServer on loopback, and TCP clients in front of it.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "tests/turnd/net/recording_clients.h"
#include "turnd/net/stream_server.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/posix/socket_address.h"

namespace turnd::net {

class TcpClient {
 public:
  explicit TcpClient(const base::Endpoint& to, int receive_buffer = 0) {
    const posix::SocketAddress address(to);
    socket_ = posix::FileDescriptor(socket(address.generic.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer != 0) setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (connect(descriptor(), &address.generic, address.size) != 0)
      throw std::system_error(errno, std::generic_category(), base::to_string(to));
    // What is sent has arrived when send() returns.
    const int one = 1;
    setsockopt(descriptor(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] base::Endpoint local() const { return posix::local_endpoint(descriptor()); }

  void send(std::string_view bytes) {
    if (::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      throw std::system_error(errno, std::generic_category(), "send");
  }
  // What has arrived.
  [[nodiscard]] std::string receive() {
    std::string all;
    std::array<char, 65'536> part;
    for (ssize_t size = 0; (size = recv(descriptor(), part.data(), part.size(), MSG_DONTWAIT)) > 0;)
      all.append(part.data(), static_cast<std::size_t>(size));
    return all;
  }
  // The server has ended the connection, with or without a reset.
  [[nodiscard]] bool is_closed() const {
    char byte = 0;
    const ssize_t size = recv(descriptor(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return size == 0 || (size < 0 && errno != EAGAIN);
  }
  void close() { socket_.reset(); }

 private:
  posix::FileDescriptor socket_;
};

class StreamFixture : public testing::Test {
 protected:
  explicit StreamFixture(const ClientLimits& client_limits = {})
      : limits(client_limits), server({poller, registry, inbox, counters}, limits) {}

  base::Endpoint listen(base::Transport transport = base::Transport::tcp) {
    const Listen at{transport, base::Endpoint::parse("127.0.0.1:0").value(), {}};
    const auto error = server.listen(at);
    EXPECT_FALSE(error) << error->why;
    return server.local(at).value();
  }
  // Everything that has arrived is dealt with, and what follows from it.
  void settle() {
    for (int i = 0; i < 8; ++i) now = poller.run_once(base::TimePoint::min());
  }
  void pass(std::chrono::milliseconds time) {
    now.monotonic += time;
    server.on_time(now);
  }
  [[nodiscard]] std::uint64_t clients(base::Transport transport) const {
    return counters.clients[static_cast<std::size_t>(transport)].value();
  }

  // STUN Binding request without attributes.
  static inline const std::string kBinding{
      "\x00\x01\x00\x00\x21\x12\xA4\x42"
      "abcdefghijkl",
      20};

  Poller poller;
  ClientRegistry registry;
  RecordingClients inbox;
  turn::WorkerCounters counters;
  ClientLimits limits;
  StreamServer server;
  base::Now now = read_clocks();
};

}  // namespace turnd::net
