#include "signaling/service/signing_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>

#include "turnd/base/hex.h"
#include "turnd/crypto/constant_time.h"
#include "turnd/crypto/hash.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {
namespace {

namespace base = turnd::base;
namespace crypto = turnd::crypto;

constexpr std::size_t kLeastSecret = 32;
constexpr std::size_t kSignature = 64;  // RFC 8032 s5.1.6
constexpr std::size_t kIdBytes = 8;

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
Context make_context() { return {EVP_MD_CTX_new(), &EVP_MD_CTX_free}; }

std::shared_ptr<EVP_PKEY> read_pair(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  return {PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free};
}

base::Bytes public_part(EVP_PKEY* pair) {
  base::Bytes bytes(32);
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(pair, bytes.data(), &size);
  return bytes;
}

}  // namespace

std::string_view to_string(TokenAlgorithm algorithm) {
  switch (algorithm) {
    case TokenAlgorithm::hs256:
      return "HS256";
    case TokenAlgorithm::eddsa:
      return "EdDSA";
  }
  return "";
}

base::Result<SigningKey, std::string> SigningKey::make(TokenAlgorithm algorithm, const base::Secret& key) {
  if (algorithm == TokenAlgorithm::hs256) {
    if (key.size() < kLeastSecret) return std::string("the key of HS256 needs at least 32 bytes");
    return SigningKey(algorithm, key, nullptr);
  }
  auto pair = read_pair(key.reveal());
  if (!pair || EVP_PKEY_get_id(pair.get()) != EVP_PKEY_ED25519)
    return std::string("the key of EdDSA must be an Ed25519 private key in PEM, without a passphrase");
  return SigningKey(algorithm, {}, std::move(pair));
}

SigningKey::SigningKey(TokenAlgorithm algorithm, base::Secret secret, std::shared_ptr<evp_pkey_st> pair)
    : algorithm_(algorithm), secret_(std::move(secret)), pair_(std::move(pair)) {
  const base::Bytes known = pair_ ? public_part(pair_.get()) : base::to_owned(base::as_bytes(secret_.reveal()));
  const auto digest = crypto::sha256({base::as_bytes("signald key id"), known});
  id_ = base::to_hex(base::ByteView(digest).first(kIdBytes));
}

base::Bytes SigningKey::sign(std::string_view text) const {
  if (!pair_) return base::to_owned(crypto::hmac_sha256(base::as_bytes(secret_.reveal()), {base::as_bytes(text)}));
  const auto context = make_context();
  base::Bytes signature(kSignature);
  std::size_t size = signature.size();
  const auto bytes = base::as_bytes(text);
  EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair_.get());
  EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size());
  return signature;
}

bool SigningKey::verify(std::string_view text, base::ByteView signature) const {
  if (!pair_) return crypto::constant_time_equal(sign(text), signature);
  const auto context = make_context();
  const auto bytes = base::as_bytes(text);
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pair_.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
}

}  // namespace signaling::service
