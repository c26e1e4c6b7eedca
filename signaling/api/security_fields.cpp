#include "signaling/api/security_fields.h"

#include <string>
#include <string_view>

namespace signaling::api {
namespace {

constexpr std::string_view kFields =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n"
    "Content-Security-Policy: default-src 'self'; script-src 'self'; connect-src 'self' wss:; img-src 'self' data: "
    "blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types posts\r\n"
    "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self)\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
constexpr std::string_view kTransportSecurity = "Strict-Transport-Security: max-age=31536000\r\n";

}  // namespace

net::SharedText security_fields(Scheme scheme) {
  static const net::SharedText plain = net::share(std::string(kFields));
  static const net::SharedText secure = net::share(std::string(kFields) + std::string(kTransportSecurity));
  return scheme == Scheme::https ? secure : plain;
}

}  // namespace signaling::api
