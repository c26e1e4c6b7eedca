// Link: a TURN client's connection to a server over UDP, TCP, TLS or DTLS; blocking, with deadlines.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnctl/failure.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // and SSL_CTX

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
  [[nodiscard]] virtual Outcome<bool> send(turnd::base::ByteView message) = 0;
  // nullopt: nothing came before the deadline; one that has passed is no wait at all.
  [[nodiscard]] virtual Outcome<std::optional<turnd::base::Bytes>> receive(Deadline deadline) = 0;
  [[nodiscard]] virtual int descriptor() const = 0;
  // Lost messages must be sent again by the caller (RFC 8489 s6.2.1).
  [[nodiscard]] virtual bool is_reliable() const = 0;
};

// Addresses of a host name, in the resolver's order.
[[nodiscard]] Outcome<std::vector<turnd::base::IpAddress>> resolve(const std::string& host);

// A connected socket: for streams the connection stands.
class Connection {
 public:
  [[nodiscard]] static Outcome<std::unique_ptr<Connection>> open(const turnd::base::Endpoint& server,
                                                                 turnd::base::Transport transport, Deadline deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] turnd::base::Transport transport() const { return transport_; }

 private:
  Connection(int descriptor, turnd::base::Transport transport) : descriptor_(descriptor), transport_(transport) {}
  int descriptor_;
  turnd::base::Transport transport_;
};

// UDP or TCP on the connection as it is.
[[nodiscard]] std::unique_ptr<Link> plain_link(std::unique_ptr<Connection> connection);
// Does the handshake.
[[nodiscard]] Outcome<std::unique_ptr<Link>> secure_link(std::unique_ptr<Connection> connection, const TlsTrust& trust,
                                                         Deadline deadline);

}  // namespace turnctl
