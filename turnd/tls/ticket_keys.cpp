#include "turnd/tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "turnd/crypto/random.h"
#include "turnd/tls/openssl_types.h"

namespace turnd::tls {
namespace {

// A client of OpenSSL takes the newest for spoilt when its connection is cut, which is when it wants to come back.
constexpr std::size_t kTickets = 2;

using CipherPointer = std::unique_ptr<EVP_CIPHER, Freeing<EVP_CIPHER_free>>;

TicketKey new_key() {
  TicketKey key;
  crypto::system_random(key.name);
  crypto::system_random(key.encryption);
  crypto::system_random(key.authentication);
  return key;
}

void forget(std::optional<TicketKey>& key) {
  if (!key) return;
  OPENSSL_cleanse(&*key, sizeof *key);
  key.reset();
}

// The keys belong to the context that uses them, so that a handshake may outlive ServerContext.
int keys_index() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* keys, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<TicketKeys*>(keys); });
  return index;
}

bool prepare(const TicketKey& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int is_new) {
  static const CipherPointer aes(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr));
  char digest[] = "SHA256";
  std::array<std::uint8_t, 32> authentication = key.authentication;
  const std::array parameters{
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, authentication.data(), authentication.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  const bool done = EVP_MAC_CTX_set_params(mac, parameters.data()) == 1 &&
                    EVP_CipherInit_ex(cipher, aes.get(), nullptr, key.encryption.data(), iv, is_new) == 1;
  OPENSSL_cleanse(authentication.data(), authentication.size());
  return done;
}

// What OpenSSL takes for an answer.
enum : int { kFailed = -1, kNoTicket = 0, kMade = 1, kOpenedAndRenewed = 2 };

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int is_new) {
  if (SSL_version(ssl) != TLS1_3_VERSION) return kNoTicket;
  auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), keys_index()));
  // OpenSSL hands nothing through that could say it.
  const base::TimePoint now(std::chrono::steady_clock::now().time_since_epoch());
  const std::span<unsigned char, TicketKey::kNameSize> named(name, TicketKey::kNameSize);
  if (is_new == 0) {
    const auto key = keys.to_open(named, now);
    if (!key) return kNoTicket;
    return prepare(*key, iv, cipher, mac, is_new) ? kOpenedAndRenewed : kFailed;
  }
  const TicketKey key = keys.to_make(now);
  std::ranges::copy(key.name, named.begin());
  crypto::system_random({iv, EVP_MAX_IV_LENGTH});
  return prepare(key, iv, cipher, mac, is_new) ? kMade : kFailed;
}

}  // namespace

TicketKeys::~TicketKeys() {
  forget(current_);
  forget(previous_);
}

void TicketKeys::turn(base::TimePoint now) {
  if (current_ && now - since_ < kTurn) return;
  forget(previous_);
  // What has made none for so long opens none either.
  if (current_ && now - since_ < 2 * kTurn) previous_ = current_;
  forget(current_);
  current_ = new_key();
  since_ = now;
}

TicketKey TicketKeys::to_make(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  turn(now);
  return *current_;
}

std::optional<TicketKey> TicketKeys::to_open(std::span<const std::uint8_t, TicketKey::kNameSize> name,
                                             base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  turn(now);
  for (const auto& key : {current_, previous_})
    if (key && std::ranges::equal(key->name, name)) return key;
  return std::nullopt;
}

void use_tickets(SSL_CTX& context) {
  auto keys = std::make_unique<TicketKeys>();
  if (SSL_CTX_set_ex_data(&context, keys_index(), keys.get()) != 1) return;
  (void)keys.release();
  SSL_CTX_clear_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(&context, kTickets);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(&context, on_ticket);
}

}  // namespace turnd::tls
