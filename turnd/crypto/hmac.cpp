#include "turnd/crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <memory>

namespace turnd::crypto {
namespace {

using Context = std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)>;

// One context a thread and digest: only the key changes between messages.
Context make_context(const char* digest_name) {
  EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  if (!algorithm) std::abort();  // a libcrypto without HMAC cannot authenticate anybody
  Context context(EVP_MAC_CTX_new(algorithm), EVP_MAC_CTX_free);
  EVP_MAC_free(algorithm);  // the context holds its own reference
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest_name), 0),
      OSSL_PARAM_construct_end()};
  if (!context || EVP_MAC_CTX_set_params(context.get(), parameters) != 1) std::abort();
  return context;
}

void use_key(EVP_MAC_CTX* context, base::ByteView key) {
  // An empty key is legal for HMAC; a null pointer would mean "keep the old one".
  static constexpr std::uint8_t kNoKey = 0;
  const std::uint8_t* at = key.empty() ? &kNoKey : key.data();
  if (EVP_MAC_init(context, at, key.size(), nullptr) != 1) std::abort();
}

// Once after every beginning of a message.
void authenticate(EVP_MAC_CTX* context, std::initializer_list<base::ByteView> parts, base::MutableBytes into) {
  bool good = true;
  for (const base::ByteView part : parts) good = good && EVP_MAC_update(context, part.data(), part.size()) == 1;
  std::size_t size = 0;
  good = good && EVP_MAC_final(context, into.data(), &size, into.size()) == 1;
  if (!good || size != into.size()) std::abort();
}

}  // namespace

HmacSha1 hmac_sha1(base::ByteView key, std::initializer_list<base::ByteView> parts) {
  thread_local const Context context = make_context("SHA1");
  use_key(context.get(), key);
  HmacSha1 result;
  authenticate(context.get(), parts, result);
  return result;
}

HmacSha256 hmac_sha256(base::ByteView key, std::initializer_list<base::ByteView> parts) {
  thread_local const Context context = make_context("SHA256");
  use_key(context.get(), key);
  HmacSha256 result;
  authenticate(context.get(), parts, result);
  return result;
}

}  // namespace turnd::crypto
