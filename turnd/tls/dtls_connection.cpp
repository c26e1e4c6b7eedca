#include "turnd/tls/dtls_connection.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include <algorithm>
#include <utility>

namespace turnd::tls {

// What a BIO reads from and writes to.
struct DtlsConnection::Carrier {
  base::ByteView input;  // borrowed for the call that received it; empty: nothing to read
  Send send;
};

namespace {

// Every path carries it (RFC 8656 s3.7 assumes no more than 576 and 1280 less headers).
constexpr long kMtu = 1200;
constexpr int kBioType = BIO_TYPE_SOURCE_SINK | 0x7F;

template <class Carrier>
Carrier* carrier_of(BIO* bio) {
  return static_cast<Carrier*>(BIO_get_data(bio));
}

template <class Carrier>
int read_bio(BIO* bio, char* into, int size) {
  Carrier* carrier = carrier_of<Carrier>(bio);
  BIO_clear_retry_flags(bio);
  if (carrier->input.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  // A datagram is read whole; what does not fit is cut off, as by a socket.
  const std::size_t count = std::min(carrier->input.size(), static_cast<std::size_t>(size));
  std::copy_n(carrier->input.begin(), count, into);
  carrier->input = {};
  return static_cast<int>(count);
}

template <class Carrier>
int write_bio(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  if (Carrier* carrier = carrier_of<Carrier>(bio); carrier->send)
    carrier->send(base::as_bytes({bytes, static_cast<std::size_t>(size)}));
  return size;  // a datagram that is lost was sent all the same
}

long control_bio(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
      return kMtu;
    default:
      return 0;
  }
}

template <class Carrier>
const BIO_METHOD* bio_method() {
  static const BIO_METHOD* method = [] {
    BIO_METHOD* made = BIO_meth_new(kBioType, "datagram");
    BIO_meth_set_read(made, read_bio<Carrier>);
    BIO_meth_set_write(made, write_bio<Carrier>);
    BIO_meth_set_ctrl(made, control_bio);
    BIO_meth_set_create(made, [](BIO* bio) {
      BIO_set_init(bio, 1);
      return 1;
    });
    return made;
  }();
  return method;
}

}  // namespace

std::unique_ptr<DtlsConnection> DtlsConnection::make(ssl_ctx_st* context) {
  SSL* ssl = SSL_new(context);
  if (!ssl) return nullptr;
  auto carrier = std::make_unique<Carrier>();
  BIO* bio = BIO_new(bio_method<Carrier>());
  BIO_set_data(bio, carrier.get());
  SSL_set_bio(ssl, bio, bio);
  SSL_set_mtu(ssl, kMtu);
  return std::unique_ptr<DtlsConnection>(new DtlsConnection(ssl, std::move(carrier)));
}

DtlsConnection::DtlsConnection(ssl_st* ssl, std::unique_ptr<Carrier> carrier)
    : carrier_(std::move(carrier)), ssl_(ssl) {}

DtlsConnection::~DtlsConnection() { SSL_free(ssl_); }

bool DtlsConnection::listen(base::ByteView datagram, const CookieCheck& check, const Send& send) {
  attach(ssl_, &check);
  carrier_->input = datagram;
  carrier_->send = send;
  BIO_ADDR* client = BIO_ADDR_new();  // filled by BIOs that know it; ours does not
  const int fits = DTLSv1_listen(ssl_, client);
  BIO_ADDR_free(client);
  ERR_clear_error();
  attach(ssl_, nullptr);
  carrier_->input = {};
  carrier_->send = {};
  return fits == 1;
}

void DtlsConnection::carry_by(Send send) { carrier_->send = std::move(send); }

void DtlsConnection::receive(base::ByteView datagram) { carrier_->input = datagram; }

IoResult DtlsConnection::handshake() { return result_of(SSL_accept(ssl_)); }

IoResult DtlsConnection::read(base::MutableBytes into) {
  const IoResult result = result_of(SSL_read(ssl_, into.data(), static_cast<int>(into.size())));
  if (result.status != IoStatus::done) carrier_->input = {};  // borrowed no longer
  return result;
}

IoResult DtlsConnection::write(base::ByteView message) {
  return result_of(SSL_write(ssl_, message.data(), static_cast<int>(message.size())));
}

void DtlsConnection::shut_down() {
  if (SSL_is_init_finished(ssl_)) (void)SSL_shutdown(ssl_);
  ERR_clear_error();
}

std::optional<std::chrono::microseconds> DtlsConnection::retransmit_in() const {
  timeval left{};
  if (DTLSv1_get_timeout(ssl_, &left) != 1) return std::nullopt;
  return std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

bool DtlsConnection::retransmit() {
  const int result = static_cast<int>(DTLSv1_handle_timeout(ssl_));
  ERR_clear_error();
  return result >= 0;
}

IoResult DtlsConnection::result_of(int returned) {
  if (returned > 0) return {IoStatus::done, static_cast<std::size_t>(returned)};
  const int error = SSL_get_error(ssl_, returned);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return {IoStatus::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {IoStatus::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {IoStatus::closed};
    default:
      return {IoStatus::failed};
  }
}

}  // namespace turnd::tls
