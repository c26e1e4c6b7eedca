// HMAC-SHA1 and HMAC-SHA256 (RFC 2104) over a concatenation of parts.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "turnd/base/bytes.h"

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX

namespace turnd::crypto {

using HmacSha1 = std::array<std::uint8_t, 20>;
using HmacSha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] HmacSha1 hmac_sha1(base::ByteView key, std::initializer_list<base::ByteView> parts);
[[nodiscard]] HmacSha256 hmac_sha256(base::ByteView key, std::initializer_list<base::ByteView> parts);

// One key for very many messages: what depends on the key alone is computed once. One thread's.
class HmacSha256Key {
 public:
  explicit HmacSha256Key(base::ByteView key);
  [[nodiscard]] HmacSha256 operator()(std::initializer_list<base::ByteView> parts) const;

 private:
  std::unique_ptr<evp_mac_ctx_st, void (*)(evp_mac_ctx_st*)> context_;
};

}  // namespace turnd::crypto
