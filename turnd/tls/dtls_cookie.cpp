#include "turnd/tls/dtls_cookie.h"

#include <array>
#include <cstring>

#include "turnd/crypto/constant_time.h"
#include "turnd/crypto/hmac.h"
#include "turnd/crypto/random.h"

namespace turnd::tls {
namespace {

using Key = std::array<std::uint8_t, 32>;

const Key& process_key() {
  static const Key key = [] {
    Key fresh{};
    crypto::system_random(fresh);
    return fresh;
  }();
  return key;
}

std::int64_t period_of(base::TimePoint now) { return now.time_since_epoch() / kCookiePeriod; }

template <class Integer>
base::ByteView bytes_of(const Integer& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

crypto::HmacSha256 make_cookie(const CookiePeer& peer, std::int64_t period) {
  const crypto::HmacSha256 key = crypto::hmac_sha256(process_key(), {bytes_of(period)});
  return crypto::hmac_sha256(key, {peer.client.address.storage(), bytes_of(peer.client.port),
                                   peer.server.address.storage(), bytes_of(peer.server.port)});
}

const CookiePeer* peer_of(SSL* ssl) { return static_cast<const CookiePeer*>(SSL_get_app_data(ssl)); }

int generate(SSL* ssl, unsigned char* cookie, unsigned int* size) {
  const CookiePeer* peer = peer_of(ssl);
  if (peer == nullptr) return 0;
  const crypto::HmacSha256 made = make_cookie(*peer, period_of(peer->now));
  std::memcpy(cookie, made.data(), made.size());
  *size = made.size();
  return 1;
}

int verify(SSL* ssl, const unsigned char* cookie, unsigned int size) {
  const CookiePeer* peer = peer_of(ssl);
  if (peer == nullptr) return 0;
  const std::int64_t period = period_of(peer->now);
  const base::ByteView shown(cookie, size);
  return crypto::constant_time_equal(shown, make_cookie(*peer, period)) ||
                 crypto::constant_time_equal(shown, make_cookie(*peer, period - 1))
             ? 1
             : 0;
}

}  // namespace

void use_cookies(SSL_CTX& context) {
  SSL_CTX_set_options(&context, SSL_OP_COOKIE_EXCHANGE);
  SSL_CTX_set_cookie_generate_cb(&context, generate);
  SSL_CTX_set_cookie_verify_cb(&context, verify);
}

void set_cookie_peer(SSL& ssl, const CookiePeer& peer) {
  SSL_set_app_data(&ssl, const_cast<CookiePeer*>(&peer));
}

}  // namespace turnd::tls
