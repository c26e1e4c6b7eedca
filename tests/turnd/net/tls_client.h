// TlsClient: the client's side of TLS on a TcpClient of a test. Trusts whatever it is shown.
#pragma once

#include <fcntl.h>
#include <openssl/err.h>

#include <array>
#include <functional>
#include <string>

#include "tests/turnd/net/stream_fixture.h"
#include "turnd/tls/openssl_types.h"

namespace turnd::net {

class TlsClient {
 public:
  // Before the handshake.
  using Adjust = std::function<void(SSL&)>;

  explicit TlsClient(const base::Endpoint& to, const Adjust& adjust = {})
      : tcp_(to), context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_.get())) {
    SSL_set_fd(ssl_.get(), tcp_.descriptor());
    SSL_set_connect_state(ssl_.get());
    if (adjust) adjust(*ssl_);
  }
  // Goes on in turns with the server; true when it is complete.
  bool shake_hands(const std::function<void()>& let_server_work) {
    make_non_blocking();
    for (int turn = 0; turn < 10; ++turn) {
      ERR_clear_error();
      const int result = SSL_do_handshake(ssl_.get());
      if (result == 1) return true;
      if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) return false;
      let_server_work();
    }
    return false;
  }
  void send(std::string_view bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }
  // What has arrived.
  [[nodiscard]] std::string receive() {
    std::string all;
    std::array<char, 16'384> part;
    for (int size = 0; (size = SSL_read(ssl_.get(), part.data(), part.size())) > 0;)
      all.append(part.data(), static_cast<std::size_t>(size));
    return all;
  }
  [[nodiscard]] bool has_ended() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  [[nodiscard]] long serial() const {
    const tls::CertificatePointer shown(SSL_get1_peer_certificate(ssl_.get()));
    return ASN1_INTEGER_get(X509_get0_serialNumber(shown.get()));
  }
  [[nodiscard]] SSL& ssl() { return *ssl_; }
  [[nodiscard]] TcpClient& tcp() { return tcp_; }

 private:
  void make_non_blocking() { fcntl(tcp_.descriptor(), F_SETFL, fcntl(tcp_.descriptor(), F_GETFL) | O_NONBLOCK); }

  TcpClient tcp_;
  tls::SslContextPointer context_;
  tls::SslPointer ssl_;
};

}  // namespace turnd::net
