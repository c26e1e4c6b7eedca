// Link: a TURN client's connection to a server over UDP, TCP, TLS or DTLS; blocking, with deadlines.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnctl/failure.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

namespace turnctl {

using Deadline = std::chrono::steady_clock::time_point;

struct TlsTrust {
  std::string server_name;        // checked against the certificate; an IP literal too
  std::optional<std::string> ca;  // PEM file instead of the system's authorities
  bool insecure = false;          // the certificate is not checked
};

// One thread. A message is one STUN or ChannelData message, whatever carries it.
class Link {
 public:
  virtual ~Link() = default;
  // False: this machine did not take the datagram, and nothing is broken.
  [[nodiscard]] virtual Outcome<bool> send(turnd::base::ByteView message) = 0;
  // nullopt: nothing came before the deadline; one that has passed is no wait at all.
  [[nodiscard]] virtual Outcome<std::optional<turnd::base::Bytes>> receive(Deadline deadline) = 0;
  [[nodiscard]] virtual int descriptor() const = 0;
  // Lost messages must be sent again by the caller (RFC 8489 s6.2.1).
  [[nodiscard]] virtual bool is_reliable() const = 0;
};

// Addresses of a host name, in the resolver's order.
[[nodiscard]] Outcome<std::vector<turnd::base::IpAddress>> resolve(const std::string& host);

class Connection {
 public:
  // A connected socket: for streams the connection stands.
  [[nodiscard]] static Outcome<std::unique_ptr<Connection>> open(const turnd::base::Endpoint& server,
                                                                 turnd::base::Transport transport, Deadline deadline);
  // Never waits. From that port of this machine, 0: from any.
  [[nodiscard]] static Outcome<std::unique_ptr<Connection>> begin(const turnd::base::Endpoint& server,
                                                                  turnd::base::Transport transport,
                                                                  std::uint16_t from_port = 0);
  // Whether it stands by now; writable tells when to ask.
  [[nodiscard]] Outcome<bool> is_open() const;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] turnd::base::Transport transport() const { return transport_; }

 private:
  Connection(int descriptor, const turnd::base::Endpoint& server, turnd::base::Transport transport)
      : descriptor_(descriptor), server_(server), transport_(transport) {}
  int descriptor_;
  turnd::base::Endpoint server_;
  turnd::base::Transport transport_;
};

// What a link takes in one piece, unless its caller expects less.
inline constexpr std::size_t kLargestMessage = 66 * 1024;

// UDP or TCP on the connection as it is.
[[nodiscard]] std::unique_ptr<Link> plain_link(std::unique_ptr<Connection> connection,
                                               std::size_t largest_message = kLargestMessage);
// Does the handshake.
[[nodiscard]] Outcome<std::unique_ptr<Link>> secure_link(std::unique_ptr<Connection> connection, const TlsTrust& trust,
                                                         Deadline deadline);

}  // namespace turnctl
