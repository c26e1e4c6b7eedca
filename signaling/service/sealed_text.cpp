#include "signaling/service/sealed_text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <new>

#include "turnd/crypto/base64.h"
#include "turnd/crypto/constant_time.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {

namespace {

using turnd::base::as_bytes;
using turnd::base::Bytes;
using turnd::base::ByteView;

constexpr std::size_t kNonceSize = 12;  // NIST SP 800-38D s5.2.1.1
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kTokenBytes = 24;  // 192 bits, and base64 without padding

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Cipher make_cipher() {
  Cipher cipher(EVP_CIPHER_CTX_new());
  if (!cipher) throw std::bad_alloc();
  return cipher;
}

int size_of(auto bytes) { return static_cast<int>(bytes.size()); }

// The buffer grows: OpenSSL wants a pointer even for an empty text.
Bytes room_for(std::size_t size) { return Bytes(size + 1); }

}  // namespace

SealingKey::SealingKey(const turnd::base::Secret& server_key)
    : cipher_key_(turnd::crypto::hmac_sha256(as_bytes(server_key.reveal()), {as_bytes("meeting passwords")})),
      token_key_(turnd::crypto::hmac_sha256(as_bytes(server_key.reveal()), {as_bytes("meeting tokens")})) {}

Bytes SealingKey::seal(std::string_view text, std::string_view context, const turnd::base::RandomSource& random) const {
  Bytes sealed = room_for(kNonceSize + text.size() + kTagSize);
  random(turnd::base::MutableBytes(sealed).first(kNonceSize));
  const Cipher cipher = make_cipher();
  int length = 0;
  const ByteView bound = as_bytes(context), plain = as_bytes(text);
  std::uint8_t* out = sealed.data() + kNonceSize;
  EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, cipher_key_.data(), sealed.data());
  EVP_EncryptUpdate(cipher.get(), nullptr, &length, bound.data(), size_of(bound));
  EVP_EncryptUpdate(cipher.get(), out, &length, plain.data(), size_of(plain));
  EVP_EncryptFinal_ex(cipher.get(), out + length, &length);
  EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out + text.size());
  sealed.pop_back();
  return sealed;
}

std::optional<std::string> SealingKey::open(ByteView sealed, std::string_view context) const {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  const ByteView text = sealed.subspan(kNonceSize, sealed.size() - kNonceSize - kTagSize);
  Bytes tag(sealed.end() - kTagSize, sealed.end());
  Bytes plain = room_for(text.size());
  const Cipher cipher = make_cipher();
  int length = 0;
  const ByteView bound = as_bytes(context);
  EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, cipher_key_.data(), sealed.data());
  EVP_DecryptUpdate(cipher.get(), nullptr, &length, bound.data(), size_of(bound));
  EVP_DecryptUpdate(cipher.get(), plain.data(), &length, text.data(), size_of(text));
  EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data());
  if (EVP_DecryptFinal_ex(cipher.get(), plain.data() + length, &length) != 1) return std::nullopt;
  return std::string(plain.begin(), plain.end() - 1);
}

std::string SealingKey::token_for(std::string_view what) const {
  const auto mac = turnd::crypto::hmac_sha256(token_key_, {as_bytes(what)});
  std::string text = turnd::crypto::to_base64(ByteView(mac).first(kTokenBytes));
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

bool same_secret(std::string_view a, std::string_view b) {
  return turnd::crypto::constant_time_equal(as_bytes(a), as_bytes(b));
}

}  // namespace signaling::service
