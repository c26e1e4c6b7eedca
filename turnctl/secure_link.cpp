#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "turnctl/link.h"
#include "turnctl/poll_wait.h"
#include "turnctl/tls_handshake.h"
#include "turnd/stun/stream_framer.h"

namespace turnctl {
namespace {

using turnd::base::Bytes;
using turnd::base::ByteView;

// What any path carries (RFC 9147 s4.4 speaks of the same problem); there is no path MTU discovery here.
constexpr long kDtlsMtu = 1200;

using Session = std::unique_ptr<SSL, void (*)(SSL*)>;

std::string last_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason ? reason : "the connection was closed";
}

Failure handshake_failure(SSL* ssl) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK)
    return {std::string("the certificate was refused: ") + X509_verify_cert_error_string(verdict),
            "use the name that the certificate is for, give its authority with --ca, or --insecure to go on without"};
  return {"the handshake failed: " + last_openssl_error(),
          "does this port speak TLS (turns:, 5349), and is `tls` configured?"};
}

class SecureLink final : public Link {
 public:
  SecureLink(std::unique_ptr<Connection> connection, Session ssl, std::size_t largest)
      : connection_(std::move(connection)), ssl_(std::move(ssl)), memory_(2 * largest), framer_(largest) {
    framer_.adopt(memory_);
  }
  ~SecureLink() override { SSL_shutdown(ssl_.get()); }

  Outcome<bool> send(ByteView message) override {
    for (;;) {
      const int sent = SSL_write(ssl_.get(), message.data(), static_cast<int>(message.size()));
      if (sent > 0) return true;
      const bool is_full = SSL_get_error(ssl_.get(), sent) == SSL_ERROR_WANT_WRITE;
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
      if (is_full ? !wait_for_room(descriptor()) : !wait_as_ssl_says(sent, deadline))
        return Failure{"cannot send: " + last_openssl_error(), "see the server's log"};
    }
  }
  Outcome<std::optional<Bytes>> receive(Deadline deadline) override {
    return is_reliable() ? receive_from_stream(deadline) : receive_record(deadline);
  }
  int descriptor() const override { return connection_->descriptor(); }
  bool is_reliable() const override { return turnd::base::is_stream(connection_->transport()); }

 private:
  Outcome<std::optional<Bytes>> receive_record(Deadline deadline) {
    for (;;) {
      const int size = SSL_read(ssl_.get(), memory_.data(), static_cast<int>(memory_.size()));
      if (size > 0) return std::optional(Bytes(memory_.begin(), memory_.begin() + size));
      if (is_over(size)) return closed();
      if (!wait_as_ssl_says(size, deadline)) return std::optional<Bytes>{};
    }
  }
  Outcome<std::optional<Bytes>> receive_from_stream(Deadline deadline) {
    for (;;) {
      if (const auto message = framer_.next()) return std::optional(turnd::base::to_owned(*message));
      if (framer_.state() == turnd::stun::StreamFramer::State::broken)
        return Failure{"the server answered with something that is not STUN", "is this the port of a TURN server?"};
      const auto room = framer_.writable();
      const int size = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
      if (size > 0)
        framer_.commit(static_cast<std::size_t>(size));
      else if (is_over(size))
        return closed();
      else if (!wait_as_ssl_says(size, deadline))
        return std::optional<Bytes>{};
    }
  }
  [[nodiscard]] bool is_over(int result) const {
    const int error = SSL_get_error(ssl_.get(), result);
    return error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
  }
  static Failure closed() {
    return {"the server closed the connection: " + last_openssl_error(), "the server's log says why"};
  }

  [[nodiscard]] bool wait_as_ssl_says(int result, Deadline deadline) const {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return wait_for(connection_->descriptor(), POLLIN, deadline);
    if (error == SSL_ERROR_WANT_WRITE) return wait_for(connection_->descriptor(), POLLOUT, deadline);
    return false;
  }

  std::unique_ptr<Connection> connection_;
  Session ssl_;
  Bytes memory_;
  turnd::stun::StreamFramer framer_;
};

void expect_server(SSL* ssl, const TlsTrust& trust) {
  if (turnd::base::IpAddress::parse(trust.server_name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), trust.server_name.c_str());
    return;
  }
  SSL_set1_host(ssl, trust.server_name.c_str());
  SSL_set_tlsext_host_name(ssl, trust.server_name.c_str());
}

struct FreeAddress {
  void operator()(BIO_ADDR* address) const { BIO_ADDR_free(address); }
};
using PeerAddress = std::unique_ptr<BIO_ADDR, FreeAddress>;

// Whom the socket is connected to, in OpenSSL's form; a datagram BIO that is not told sends to nobody.
PeerAddress peer_of(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  PeerAddress peer(BIO_ADDR_new());
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return peer;
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    BIO_ADDR_rawmake(peer.get(), AF_INET, &v4->sin_addr, sizeof v4->sin_addr, v4->sin_port);
  } else {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    BIO_ADDR_rawmake(peer.get(), AF_INET6, &v6->sin6_addr, sizeof v6->sin6_addr, v6->sin6_port);
  }
  return peer;
}

// A datagram BIO on a connected socket; DTLS's own timer retransmits the flights.
void attach(SSL* ssl, const Connection& connection) {
  if (turnd::base::is_stream(connection.transport())) {
    SSL_set_fd(ssl, connection.descriptor());
    return;
  }
  BIO* bio = BIO_new_dgram(connection.descriptor(), BIO_NOCLOSE);
  BIO_ctrl_set_connected(bio, peer_of(connection.descriptor()).get());
  SSL_set_bio(ssl, bio, bio);
  SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu(ssl, kDtlsMtu);
}

}  // namespace

Outcome<TlsContext> make_tls_context(turnd::base::Transport transport, const TlsTrust& trust) {
  const bool stream = turnd::base::is_stream(transport);
  const TlsContext context(SSL_CTX_new(stream ? TLS_client_method() : DTLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), stream ? TLS1_2_VERSION : DTLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), trust.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  const int loaded = trust.ca ? SSL_CTX_load_verify_locations(context.get(), trust.ca->c_str(), nullptr)
                              : SSL_CTX_set_default_verify_paths(context.get());
  if (loaded != 1)
    return Failure{
        "cannot read the authorities in " + trust.ca.value_or("the system's store") + ": " + last_openssl_error(),
        "give a readable PEM file with --ca"};
  // RFC 7443
  static constexpr unsigned char kAlpn[] = "\x09stun.turn";
  SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof kAlpn - 1);
  return context;
}

TlsHandshake::TlsHandshake(const TlsContext& context, const TlsTrust& trust, std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), ssl_(SSL_new(context.get()), SSL_free) {
  expect_server(ssl_.get(), trust);
  attach(ssl_.get(), *connection_);
}

Outcome<TlsHandshake::Progress> TlsHandshake::advance() {
  if (timer()) (void)DTLSv1_handle_timeout(ssl_.get());
  const int done = SSL_connect(ssl_.get());
  if (done == 1) return Progress::done;
  const int error = SSL_get_error(ssl_.get(), done);
  if (error == SSL_ERROR_WANT_READ) return Progress::wants_to_read;
  if (error == SSL_ERROR_WANT_WRITE) return Progress::wants_to_write;
  return handshake_failure(ssl_.get());
}

std::optional<Deadline> TlsHandshake::timer() const {
  timeval left{};
  if (turnd::base::is_stream(connection_->transport()) || DTLSv1_get_timeout(ssl_.get(), &left) != 1)
    return std::nullopt;
  return std::chrono::steady_clock::now() + std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

std::unique_ptr<Link> TlsHandshake::take_link(std::size_t largest_message) {
  return std::make_unique<SecureLink>(std::move(connection_), std::move(ssl_), largest_message);
}

Outcome<std::unique_ptr<Link>> secure_link(std::unique_ptr<Connection> connection, const TlsTrust& trust,
                                           Deadline deadline) {
  const auto context = make_tls_context(connection->transport(), trust);
  if (!context) return context.error();
  TlsHandshake handshake(*context, trust, std::move(connection));
  for (;;) {
    const auto progress = handshake.advance();
    if (!progress) return progress.error();
    if (*progress == TlsHandshake::Progress::done) return handshake.take_link();
    const short wanted = *progress == TlsHandshake::Progress::wants_to_read ? POLLIN : POLLOUT;
    const bool ready =
        wait_for(handshake.descriptor(), wanted, std::min(deadline, handshake.timer().value_or(deadline)));
    if (!ready && std::chrono::steady_clock::now() >= deadline)
      return Failure{"the handshake did not finish in time",
                     "does this port speak TLS or DTLS? is a firewall in between?"};
  }
}

}  // namespace turnctl
