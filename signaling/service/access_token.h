// AccessTokens: makes and checks the signed tokens (JWT, RFC 7519 in JWS compact form, RFC 7515) that say who asks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/service/identity.h"
#include "signaling/service/signing_key.h"

namespace signaling::service {

// What a token claims (R15). Only AccessTokens::verify hands them out, so whoever has them knows they were signed.
struct Claims {
  std::string subject;  // decimal user id, or "g:<guest id>"
  std::string role;     // user, admin, guest
  std::string name;
  std::string email;
  std::int64_t epoch = 0;
  std::string family;
  std::optional<std::string> meeting;  // a guest's only one
  WallTime issued_at{};
  WallTime expires_at{};

  [[nodiscard]] std::optional<std::int64_t> user_id() const;
  [[nodiscard]] std::optional<std::string> guest_id() const;
};

// Immutable after it was set up; thread-safe.
class AccessTokens {
 public:
  // `issuer` is public_url. The algorithm is the key's and no other (RFC 8725 s3.1).
  AccessTokens(SigningKey key, std::string issuer);
  // A key that signed before and does not any more: its tokens are good until they expire.
  void accept(SigningKey old);

  [[nodiscard]] std::string sign(const Claims& claims) const;
  // `token_expired`, or `unauthenticated` for everything else that is wrong. Exact about `exp`; clocks may differ by
  // 30 seconds for `nbf` and `iat` (R15). Says nothing about revocation.
  [[nodiscard]] protocol::Outcome<Claims> verify(std::string_view token, WallTime now) const;

 private:
  [[nodiscard]] const SigningKey* key_of(std::string_view header) const;

  std::string current_;
  std::map<std::string, SigningKey, std::less<>> keys_;
  std::string issuer_;
};

}  // namespace signaling::service
