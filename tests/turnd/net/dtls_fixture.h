// DtlsFixture: a DtlsServer without a socket, and DTLS clients in front of it.
#pragma once

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <array>
#include <deque>
#include <string>
#include <utility>

#include "tests/turnd/net/recording_clients.h"
#include "tests/turnd/tls/certificate_files.h"
#include "turnd/net/dtls_server.h"
#include "turnd/tls/openssl_types.h"

namespace turnd::net {

using namespace std::chrono_literals;

class RecordingSender final : public DatagramSender {
 public:
  bool send(const DatagramRoute& route, base::ByteView datagram) override {
    sent.emplace_back(base::as_text(datagram));
    to = route;
    return true;
  }
  [[nodiscard]] std::deque<std::string> take() { return std::exchange(sent, {}); }

  std::deque<std::string> sent;
  DatagramRoute to;
};

// The client's side, without a socket.
class DtlsClient {
 public:
  DtlsClient() : context_(SSL_CTX_new(DTLS_client_method())), ssl_(SSL_new(context_.get())) {
    SSL_set_bio(ssl_.get(), memory(), memory());
    SSL_set_connect_state(ssl_.get());
    SSL_set_options(ssl_.get(), SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(ssl_.get(), 1200);
  }
  bool shake_hands() {
    ERR_clear_error();
    return SSL_do_handshake(ssl_.get()) == 1;
  }
  void give(std::string_view datagram) {
    BIO_write(SSL_get_rbio(ssl_.get()), datagram.data(), static_cast<int>(datagram.size()));
  }
  // The flight that it would send.
  [[nodiscard]] std::string take() {
    std::string all(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (!all.empty()) BIO_read(SSL_get_wbio(ssl_.get()), all.data(), static_cast<int>(all.size()));
    return all;
  }
  void write(std::string_view message) { SSL_write(ssl_.get(), message.data(), static_cast<int>(message.size())); }
  [[nodiscard]] std::string read() {
    std::array<char, 16'384> message;
    const int size = SSL_read(ssl_.get(), message.data(), message.size());
    return size > 0 ? std::string(message.data(), static_cast<std::size_t>(size)) : std::string();
  }
  void close() { SSL_shutdown(ssl_.get()); }

 private:
  static BIO* memory() {
    BIO* bio = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(bio, -1);
    return bio;
  }
  tls::SslContextPointer context_;
  tls::SslPointer ssl_;
};

class DtlsFixture : public testing::Test {
 protected:
  // Indices of tls_handshakes.
  enum HandshakeResult : std::size_t { kSuccess, kFailed, kTimeout };

  explicit DtlsFixture(const ClientLimits& limits = {})
      : server({sender, registry, inbox, counters}, limits, *tls::ServerContext::load(files.settings())) {}

  void receive(std::string_view datagram, const DatagramRoute& from) {
    server.on_dtls_datagram(from, base::as_bytes(datagram), now);
  }
  void receive(std::string_view datagram) { receive(datagram, route); }

  // Up to the ClientHello with its cookie.
  [[nodiscard]] std::string hello_with_cookie(DtlsClient& client) {
    client.shake_hands();
    receive(client.take());
    for (const std::string& each : sender.take()) client.give(each);
    client.shake_hands();
    return client.take();
  }
  [[nodiscard]] bool shake_hands(DtlsClient& client) {
    bool is_complete = false;
    for (int turn = 0; turn < 8 && !is_complete; ++turn) {
      is_complete = client.shake_hands();
      if (const std::string flight = client.take(); !flight.empty()) receive(flight);
      for (const std::string& each : sender.take()) {
        client.give(each);
        is_complete = client.shake_hands();
      }
    }
    return is_complete;
  }
  void pass(std::chrono::milliseconds time) {
    now.monotonic += time;
    server.on_time(now);
  }
  [[nodiscard]] std::uint64_t associations() const {
    return counters.clients[static_cast<std::size_t>(base::Transport::dtls)].value();
  }
  [[nodiscard]] std::uint64_t handshakes(HandshakeResult result) const {
    return counters.tls_handshakes[result].value();
  }

  static inline const DatagramRoute route{base::Endpoint::parse("192.0.2.1:5000").value(),
                                          base::Endpoint::parse("203.0.113.1:3478").value()};
  static DatagramRoute route_from_port(std::uint16_t port) {
    DatagramRoute other = route;
    other.client.port = port;
    return other;
  }

  tls::CertificateFiles files;
  RecordingSender sender;
  ClientRegistry registry;
  RecordingClients inbox;
  turn::WorkerCounters counters;
  base::Now now{base::TimePoint(1000s), base::WallTime(1'000'000s)};
  DtlsServer server;
};

}  // namespace turnd::net
