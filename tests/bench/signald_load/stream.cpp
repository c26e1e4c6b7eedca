#include "tests/bench/signald_load/stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace signaling::load {
namespace {

Stream::Status status_of(int error) {
  return error == EAGAIN || error == EINTR ? Stream::Status::wants_read : Stream::Status::over;
}

sockaddr_in address_of(std::uint32_t address, std::uint16_t port) {
  sockaddr_in all{};
  all.sin_family = AF_INET;
  all.sin_port = htons(port);
  all.sin_addr.s_addr = htonl(address);
  return all;
}

}  // namespace

TlsClient::TlsClient(Sessions sessions) : context_(SSL_CTX_new(TLS_client_method())) {
  SSL_CTX* const context = context_.get();
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (sessions == Sessions::fresh) return;
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsClient::keep);
}

int TlsClient::keep(SSL* ssl, SSL_SESSION* session) {
  auto* const self = static_cast<TlsClient*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  if (self->session_) return 0;
  self->session_.reset(session);
  return 1;
}

SSL* TlsClient::open(int descriptor) const {
  SSL* const ssl = SSL_new(context_.get());
  SSL_set_fd(ssl, descriptor);
  SSL_set_connect_state(ssl);
  if (session_) {
    // A copy: OpenSSL takes a TLS 1.3 session that was used once for spent.
    SSL_SESSION* const copy = SSL_SESSION_dup(session_.get());
    SSL_set_session(ssl, copy);
    SSL_SESSION_free(copy);
  }
  return ssl;
}

Stream::Stream(const Target& target, const TlsClient* tls)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), tls_(tls) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (target.from != 0) {
    ::setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const sockaddr_in local = address_of(target.from, 0);
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
      throw std::runtime_error("cannot connect from 127.1.0.0/16");
  }
  sockaddr_in remote = address_of(0, target.port);
  if (inet_pton(AF_INET, target.host.c_str(), &remote.sin_addr) != 1)
    throw std::runtime_error(target.host + " is no IPv4 address");
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0 && errno != EINPROGRESS)
    close();
}

Stream::Status Stream::establish() {
  int error = 0;
  socklen_t size = sizeof error;
  if (!is_open() || ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
    return Status::over;
  if (tls_ == nullptr) return Status::done;
  if (ssl_ == nullptr) ssl_ = tls_->open(descriptor_);
  const int done = SSL_do_handshake(ssl_);
  return done == 1 ? Status::done : result_of(done).status;
}

Stream::Result Stream::result_of(int size) const {
  if (size > 0) return {Status::done, static_cast<std::size_t>(size)};
  const int error = SSL_get_error(ssl_, size);
  if (error == SSL_ERROR_WANT_READ) return {Status::wants_read};
  return {error == SSL_ERROR_WANT_WRITE ? Status::wants_write : Status::over};
}

Stream::Result Stream::read(std::span<char> into) {
  if (ssl_ != nullptr) return result_of(SSL_read(ssl_, into.data(), static_cast<int>(into.size())));
  const ssize_t size = ::recv(descriptor_, into.data(), into.size(), 0);
  if (size > 0) return {Status::done, static_cast<std::size_t>(size)};
  return {size == 0 ? Status::over : status_of(errno)};
}

Stream::Result Stream::write(std::string_view from) {
  if (ssl_ != nullptr) return result_of(SSL_write(ssl_, from.data(), static_cast<int>(from.size())));
  const ssize_t size = ::send(descriptor_, from.data(), from.size(), MSG_NOSIGNAL);
  if (size >= 0) return {Status::done, static_cast<std::size_t>(size)};
  return {status_of(errno) == Status::over ? Status::over : Status::wants_write};
}

void Stream::close() {
  SSL_free(std::exchange(ssl_, nullptr));
  if (is_open()) ::close(std::exchange(descriptor_, -1));
}

void Stream::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

}  // namespace signaling::load
