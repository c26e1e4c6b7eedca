#include "turnd/crypto/hash.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace turnd::crypto {
namespace {

// Fetched once: looking an algorithm up in the providers costs more than hashing a message.
class Algorithm {
 public:
  explicit Algorithm(const char* name) : digest_(EVP_MD_fetch(nullptr, name, nullptr)) {
    if (!digest_) std::abort();  // a libcrypto without MD5 or SHA-256 cannot serve long-term credentials
  }
  ~Algorithm() { EVP_MD_free(digest_); }
  Algorithm(const Algorithm&) = delete;
  Algorithm& operator=(const Algorithm&) = delete;
  [[nodiscard]] const EVP_MD* get() const { return digest_; }

 private:
  EVP_MD* digest_;
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

void digest(const EVP_MD* algorithm, std::initializer_list<base::ByteView> parts, std::uint8_t* into) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1;
  for (const base::ByteView part : parts) good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  good = good && EVP_DigestFinal_ex(context.get(), into, nullptr) == 1;
  if (!good) std::abort();
}

}  // namespace

Md5Digest md5(std::initializer_list<base::ByteView> parts) {
  static const Algorithm algorithm("MD5");
  Md5Digest result;
  digest(algorithm.get(), parts, result.data());
  return result;
}

Sha1Digest sha1(std::initializer_list<base::ByteView> parts) {
  static const Algorithm algorithm("SHA1");
  Sha1Digest result;
  digest(algorithm.get(), parts, result.data());
  return result;
}

Sha256Digest sha256(std::initializer_list<base::ByteView> parts) {
  static const Algorithm algorithm("SHA256");
  Sha256Digest result;
  digest(algorithm.get(), parts, result.data());
  return result;
}

}  // namespace turnd::crypto
