// UdpSocket: a plain socket of a test's client or peer on loopback.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "turnd/base/bytes.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/posix/socket_address.h"
#include "turnd/turn/header_fields.h"

namespace turnd::net {

class UdpSocket {
 public:
  struct Datagram {
    base::Endpoint from;
    std::string bytes;
  };

  // Throws when it cannot be bound; the port is the kernel's choice when it is 0.
  explicit UdpSocket(std::string_view at = "127.0.0.1:0") {
    const posix::SocketAddress address(base::Endpoint::parse(at).value());
    socket_ = posix::FileDescriptor(socket(address.generic.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (bind(socket_.get(), &address.generic, address.size) != 0)
      throw std::system_error(errno, std::generic_category(), std::string(at));
  }

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] base::Endpoint local() const { return posix::local_endpoint(socket_.get()); }

  // What it sends from now on has these.
  void mark(const turn::HeaderFields& fields) {
    const bool is_v4 = local().address.is_v4();
    set_option(is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_TTL : IPV6_UNICAST_HOPS, fields.ttl);
    set_option(is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_TOS : IPV6_TCLASS, fields.traffic_class);
  }

  void send(const base::Endpoint& to, base::ByteView bytes) {
    const posix::SocketAddress address(to);
    if (sendto(socket_.get(), bytes.data(), bytes.size(), 0, &address.generic, address.size) < 0)
      throw std::system_error(errno, std::generic_category(), base::to_string(to));
  }
  void send(const base::Endpoint& to, std::string_view text) { send(to, base::as_bytes(text)); }

  // What has arrived: loopback delivers before send() returns, so there is nothing to wait for.
  [[nodiscard]] std::optional<Datagram> receive() {
    std::array<std::uint8_t, 65'536> buffer;
    posix::SocketAddress from;
    const ssize_t size = recvfrom(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT, &from.generic, &from.size);
    if (size < 0) return std::nullopt;
    return Datagram{from.endpoint(), std::string(base::as_text({buffer.data(), static_cast<std::size_t>(size)}))};
  }

 private:
  void set_option(int level, int option, int value) {
    if (setsockopt(socket_.get(), level, option, &value, sizeof value) != 0)
      throw std::system_error(errno, std::generic_category(), "setsockopt");
  }

  posix::FileDescriptor socket_;
};

}  // namespace turnd::net
