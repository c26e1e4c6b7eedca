// SigningKey: one key of the access tokens, HMAC-SHA256 or Ed25519, and the name by which tokens refer to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"
#include "turnd/base/result.h"
#include "turnd/base/secret.h"

struct evp_pkey_st;

namespace signaling::service {

enum class TokenAlgorithm : std::uint8_t { hs256, eddsa };
[[nodiscard]] std::string_view to_string(TokenAlgorithm algorithm);  // "HS256", "EdDSA"

// Immutable, thread-safe, cheap to copy.
class SigningKey {
 public:
  // HS256: the secret itself, 32 bytes at least. EdDSA: a private key as PEM. The error is for the operator.
  [[nodiscard]] static turnd::base::Result<SigningKey, std::string> make(TokenAlgorithm algorithm,
                                                                         const turnd::base::Secret& key);

  [[nodiscard]] TokenAlgorithm algorithm() const { return algorithm_; }
  // From the key alone: the same after a restart, and no secret.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] turnd::base::Bytes sign(std::string_view text) const;
  [[nodiscard]] bool verify(std::string_view text, turnd::base::ByteView signature) const;

 private:
  SigningKey(TokenAlgorithm algorithm, turnd::base::Secret secret, std::shared_ptr<evp_pkey_st> pair);

  TokenAlgorithm algorithm_;
  turnd::base::Secret secret_;         // HS256
  std::shared_ptr<evp_pkey_st> pair_;  // EdDSA
  std::string id_;
};

}  // namespace signaling::service
