// Stream: a client's TCP connection, with TLS where it is asked for; nothing of it blocks.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace signaling::load {

// What all connections of a client share with each other: settings, and a session to resume.
class TlsClient {
 public:
  enum class Sessions : std::uint8_t { fresh, resumed };
  explicit TlsClient(Sessions sessions);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  [[nodiscard]] SSL* open(int descriptor) const;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  static int keep(SSL* ssl, SSL_SESSION* session);
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL_SESSION, Free> session_;
};

class Stream {
 public:
  enum class Status : std::uint8_t { done, wants_read, wants_write, over };
  struct Result {
    Status status = Status::over;
    std::size_t bytes = 0;
  };
  struct Target {
    std::string host;  // IPv4
    std::uint16_t port = 0;
    std::uint32_t from = 0;  // an IPv4 address of this machine, in host order; 0: any
  };

  Stream() = default;
  // `tls` null: plain.
  Stream(const Target& target, const TlsClient* tls);
  ~Stream() { close(); }
  Stream(Stream&& other) noexcept { swap(other); }
  Stream& operator=(Stream&& other) noexcept {
    swap(other);
    return *this;
  }

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] bool is_secure() const { return tls_ != nullptr; }
  // Connection and handshake, as far as they get.
  [[nodiscard]] Status establish();
  [[nodiscard]] Result read(std::span<char> into);
  [[nodiscard]] Result write(std::string_view from);
  void close();
  void reset();  // the other side sees a connection that broke

 private:
  void swap(Stream& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(tls_, other.tls_);
    std::swap(ssl_, other.ssl_);
  }
  [[nodiscard]] Result result_of(int size) const;
  int descriptor_ = -1;
  const TlsClient* tls_ = nullptr;
  SSL* ssl_ = nullptr;  // from when the connection stands
};

}  // namespace signaling::load
