#include "turnd/tls/tls_stream.h"

#include <openssl/err.h>

#include <new>
#include <utility>

#include "turnd/tls/descriptor_bio.h"

namespace turnd::tls {

TlsStream::TlsStream(std::shared_ptr<const ServerContext> context, int descriptor)
    : context_(std::move(context)), ssl_(SSL_new(context_->tls())) {
  BioPointer bio = make_descriptor_bio(descriptor);
  if (!ssl_ || !bio) throw std::bad_alloc();
  BIO* both = bio.release();
  SSL_set_bio(ssl_.get(), both, both);
  SSL_set_accept_state(ssl_.get());
}

StreamStatus TlsStream::status_of(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_NONE: return StreamStatus::done;
    case SSL_ERROR_WANT_READ: return StreamStatus::wants_read;
    case SSL_ERROR_WANT_WRITE: return StreamStatus::wants_write;
    case SSL_ERROR_ZERO_RETURN: return StreamStatus::closed;
    default: return StreamStatus::failed;
  }
}

// OpenSSL tells an error of this call from what another connection left in the thread's queue only when it is empty.
StreamStatus TlsStream::handshake() {
  ERR_clear_error();
  return status_of(SSL_do_handshake(ssl_.get()));
}

TlsStream::Moved TlsStream::read(base::MutableBytes into) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return {status_of(result), bytes};
}

bool TlsStream::has_buffered() const { return SSL_pending(ssl_.get()) > 0; }

TlsStream::Moved TlsStream::write(base::ByteView bytes) {
  ERR_clear_error();
  std::size_t taken = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken);
  return {status_of(result), taken};
}

void TlsStream::close() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string_view TlsStream::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace turnd::tls
