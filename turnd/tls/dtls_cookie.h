// The stateless cookie of DTLS (RFC 6347 s4.2.1): an HMAC over the client's address under a key that changes.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <string>

namespace turnd::tls {

using CookieKey = std::array<std::uint8_t, 32>;

// Cookies are made with the current key; those of the previous one are still accepted.
struct CookieKeys {
  CookieKey current{};
  CookieKey previous{};
};

// Whose cookie it is.
struct CookieCheck {
  const CookieKeys* keys = nullptr;
  std::string client;  // the address that it is bound to, in any form that tells addresses apart
};

// Installs the callbacks.
void use_cookies(SSL_CTX& context);
// What the callbacks of `ssl` check with, borrowed until another one is attached. Null: a cookie has been checked
// before and is accepted, none is made.
void attach(SSL* ssl, const CookieCheck* check);

}  // namespace turnd::tls
