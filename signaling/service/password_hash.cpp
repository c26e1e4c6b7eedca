#include "signaling/service/password_hash.h"

#include <sodium.h>

#include <array>
#include <new>

#include "turnd/auth/opaque_string.h"
#include "turnd/base/secret.h"

namespace signaling::service {
namespace {

// OWASP's smallest setting: 19 MiB, two passes, one lane.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19'456UL * 1024;

using HashText = std::array<char, crypto_pwhash_STRBYTES>;

// What is typed on one machine must match what is typed on another: composed, with plain spaces (RFC 8265 s4.2). What
// that profile does not allow is hashed as it is.
turnd::base::Secret prepared(std::string_view password) {
  auto text = turnd::auth::opaque_string(password);
  return turnd::base::Secret(text ? std::move(*text) : std::string(password));
}

HashText make(std::string_view password) {
  HashText text{};
  if (sodium_init() < 0 || crypto_pwhash_str_alg(text.data(), password.data(), password.size(), kPasses, kMemory,
                                                 crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return text;
}

// libsodium reads a whole HashText.
bool fits(std::string_view hash) { return !hash.empty() && hash.size() < sizeof(HashText); }
HashText padded(std::string_view hash) {
  HashText text{};
  hash.copy(text.data(), hash.size());
  return text;
}

}  // namespace

std::string hash_password(std::string_view password) { return make(prepared(password).reveal()).data(); }

bool verify_password(std::string_view hash, std::string_view password) {
  const auto secret = prepared(password);
  if (!fits(hash)) {
    (void)make(secret.reveal());
    return false;
  }
  return sodium_init() >= 0 &&
         crypto_pwhash_str_verify(padded(hash).data(), secret.reveal().data(), secret.size()) == 0;
}

bool needs_rehash(std::string_view hash) {
  return !fits(hash) || sodium_init() < 0 || crypto_pwhash_str_needs_rehash(padded(hash).data(), kPasses, kMemory) != 0;
}

PasswordCheck check_password(std::string_view hash, std::string_view password) {
  if (!verify_password(hash, password)) return {};
  return {true, needs_rehash(hash) ? hash_password(password) : std::string()};
}

}  // namespace signaling::service
