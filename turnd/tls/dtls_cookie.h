// The stateless cookie of DTLS (RFC 6347 s4.2.1): an HMAC over both addresses under a key that changes.
#pragma once

#include <openssl/ssl.h>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace turnd::tls {

// Whose handshake it is, and when. Set before each call into OpenSSL that may see a ClientHello.
struct CookiePeer {
  base::Endpoint client;
  base::Endpoint server;
  base::TimePoint now;
};

// How long a key makes cookies; those of the period before are still accepted.
inline constexpr std::chrono::seconds kCookiePeriod{60};

// Installs the callbacks. Cookies hold across contexts and workers: the key is the process's.
void use_cookies(SSL_CTX& context);
// `peer` is borrowed for the life of `ssl`, or until another one is set.
void set_cookie_peer(SSL& ssl, const CookiePeer& peer);

}  // namespace turnd::tls
