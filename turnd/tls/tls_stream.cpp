#include "turnd/tls/tls_stream.h"

#include <openssl/err.h>

#include <utility>

#include "turnd/tls/descriptor_bio.h"

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
  SslPointer ssl(SSL_new(context));
  BioPointer bio = make_descriptor_bio(descriptor);
  if (!ssl || !bio) return nullptr;
  BIO* both = bio.release();
  SSL_set_bio(ssl.get(), both, both);
  SSL_set_accept_state(ssl.get());
  return std::unique_ptr<TlsStream>(new TlsStream(std::move(ssl)));
}

IoResult TlsStream::handshake() { return {io_status(*ssl_, SSL_do_handshake(ssl_.get()))}; }

IoResult TlsStream::read(base::MutableBytes into) {
  std::size_t bytes = 0;
  const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return {io_status(*ssl_, returned), bytes};
}

bool TlsStream::has_pending() const { return SSL_pending(ssl_.get()) > 0; }

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
