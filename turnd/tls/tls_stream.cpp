#include "turnd/tls/tls_stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace turnd::tls {

IoStatus io_status(SSL& ssl, int returned) {
  const int error = SSL_get_error(&ssl, returned);
  // What one connection left behind would be taken for an error of the next.
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_NONE:
      return IoStatus::done;
    case SSL_ERROR_WANT_READ:
      return IoStatus::want_read;
    case SSL_ERROR_WANT_WRITE:
      return IoStatus::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return IoStatus::closed;
    default:
      return IoStatus::failed;
  }
}

std::unique_ptr<TlsStream> TlsStream::accept(SSL_CTX* context, int descriptor) {
  std::unique_ptr<TlsStream> stream(new TlsStream(descriptor));
  stream->ssl_.reset(SSL_new(context));
  if (!stream->ssl_ || !stream->connect_bio()) return nullptr;
  SSL_set_accept_state(stream->ssl_.get());
  return stream;
}

bool TlsStream::connect_bio() {
  BioPointer bio = make_descriptor_bio(source_);
  if (!bio) return false;
  BIO* both = bio.release();
  SSL_set_bio(ssl_.get(), both, both);
  return true;
}

IoResult TlsStream::handshake() { return {io_status(*ssl_, SSL_do_handshake(ssl_.get()))}; }

IoResult TlsStream::read(base::MutableBytes into) {
  std::size_t bytes = 0;
  const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return {io_status(*ssl_, returned), bytes};
}

// OpenSSL takes every byte into its own buffer before it asks for more, so nothing of `ciphertext` is left, unless it
// must write first (a key update, RFC 8446 s4.6.3).
IoResult TlsStream::read_batch(base::MutableBytes into, base::MutableBytes ciphertext) {
  if (ended_) return {*ended_};
  if (const IoStatus status = fetch(ciphertext); status != IoStatus::done) return {status};
  source_.reads_ahead = true;
  IoResult all{IoStatus::done, 0};
  while (all.status == IoStatus::done && all.bytes < into.size()) {
    const IoResult record = read(into.subspan(all.bytes));
    all.status = record.status;
    all.bytes += record.bytes;
  }
  source_.reads_ahead = false;
  kept_ = base::to_owned(source_.ahead);
  source_.ahead = {};
  if (all.status == IoStatus::closed || all.status == IoStatus::failed) ended_ = all.status;
  if (all.bytes != 0) all.status = IoStatus::done;  // first what came before
  return all;
}

IoStatus TlsStream::fetch(base::MutableBytes ciphertext) {
  if (!kept_.empty()) {
    std::ranges::copy(kept_, ciphertext.begin());
    source_.ahead = ciphertext.first(kept_.size());
    return IoStatus::done;
  }
  const ssize_t got = recv(source_.descriptor, ciphertext.data(), ciphertext.size(), MSG_DONTWAIT);
  if (got > 0) source_.ahead = ciphertext.first(static_cast<std::size_t>(got));
  if (got > 0) return IoStatus::done;
  if (got == 0) return IoStatus::closed;
  const bool is_temporary = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return is_temporary ? IoStatus::want_read : IoStatus::failed;
}

bool TlsStream::has_pending() const { return ended_ || !kept_.empty() || SSL_pending(ssl_.get()) > 0; }

IoResult TlsStream::write(base::ByteView bytes) {
  std::size_t taken = 0;
  const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken);
  return {io_status(*ssl_, returned), taken};
}

void TlsStream::shut_down() {
  if (SSL_is_init_finished(ssl_.get())) (void)SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string_view TlsStream::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace turnd::tls
