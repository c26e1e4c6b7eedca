#include "turnd/tls/dtls_cookie.h"

#include <cstring>

#include "turnd/base/bytes.h"
#include "turnd/crypto/constant_time.h"
#include "turnd/crypto/hmac.h"

namespace turnd::tls {
namespace {

crypto::HmacSha256 make_cookie(const CookieCheck& check, const CookieKey& key) {
  return crypto::hmac_sha256(key, {base::as_bytes(check.client)});
}

const CookieCheck* check_of(SSL* ssl) { return static_cast<const CookieCheck*>(SSL_get_app_data(ssl)); }

int generate(SSL* ssl, unsigned char* cookie, unsigned int* size) {
  const CookieCheck* check = check_of(ssl);
  if (check == nullptr) return 0;
  const crypto::HmacSha256 made = make_cookie(*check, check->keys->current);
  std::memcpy(cookie, made.data(), made.size());
  *size = made.size();
  return 1;
}

// OpenSSL asks twice for one hello: when it listens, and when the handshake takes up what was listened to.
int verify(SSL* ssl, const unsigned char* cookie, unsigned int size) {
  const CookieCheck* check = check_of(ssl);
  if (check == nullptr) return 1;
  const base::ByteView shown(cookie, size);
  return crypto::constant_time_equal(shown, make_cookie(*check, check->keys->current)) ||
                 crypto::constant_time_equal(shown, make_cookie(*check, check->keys->previous))
             ? 1
             : 0;
}

}  // namespace

void use_cookies(SSL_CTX& context) {
  SSL_CTX_set_options(&context, SSL_OP_COOKIE_EXCHANGE);
  SSL_CTX_set_cookie_generate_cb(&context, generate);
  SSL_CTX_set_cookie_verify_cb(&context, verify);
}

void attach(SSL* ssl, const CookieCheck* check) { SSL_set_app_data(ssl, const_cast<CookieCheck*>(check)); }

}  // namespace turnd::tls
