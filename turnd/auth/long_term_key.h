// Long-term keys (RFC 8489 s9.2.2, s18.5.1): MD5 or SHA-256 of username ":" realm ":" password.
#pragma once

#include <optional>
#include <string_view>

#include "turnd/crypto/hash.h"

namespace turnd::auth {

struct LongTermKeys {
  crypto::Md5Digest md5{};
  std::optional<crypto::Sha256Digest> sha256;  // absent when only the MD5 key is known
  friend bool operator==(const LongTermKeys&, const LongTermKeys&) = default;
};

// The arguments are already prepared (opaque_string).
[[nodiscard]] LongTermKeys derive_keys(std::string_view username, std::string_view realm, std::string_view password);

}  // namespace turnd::auth
