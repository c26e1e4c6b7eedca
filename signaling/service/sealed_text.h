// SealingKey: short secrets that must be shown again (meeting passwords), encrypted at rest with AES-256-GCM.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"
#include "turnd/base/random_source.h"
#include "turnd/base/secret.h"

namespace signaling::service {

// Keys for one purpose each, derived from the server's key: what one reveals says nothing about the others.
class SealingKey {
 public:
  explicit SealingKey(const turnd::base::Secret& server_key);

  // 12 bytes nonce, cipher text, 16 bytes tag. `context` is bound to it: a sealed text moved to another row does not
  // open.
  [[nodiscard]] turnd::base::Bytes seal(std::string_view text, std::string_view context,
                                        const turnd::base::RandomSource& random) const;
  // Empty when it was changed, belongs elsewhere or was sealed under another key.
  [[nodiscard]] std::optional<std::string> open(turnd::base::ByteView sealed, std::string_view context) const;

  // A token that needs no storage: 32 characters of base64url that only this server can make for `what`.
  [[nodiscard]] std::string token_for(std::string_view what) const;

 private:
  std::array<std::uint8_t, 32> cipher_key_;
  std::array<std::uint8_t, 32> token_key_;
};

// In constant time for texts of equal length.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

}  // namespace signaling::service
