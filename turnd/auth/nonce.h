// Stateless nonces with the nonce cookie (RFC 8489 s9.2): nothing is kept for a client that was challenged.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "turnd/auth/siphash.h"
#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace turnd::auth {

// The key that makes nonces unforgeable: two keys of SipHash. Workers share it; it lives in the state directory.
using NonceKey = std::array<std::uint8_t, 32>;

// RFC 8489 s18.1: security feature bits, sent in the cookie so that a man in the middle cannot remove what
// the server offers without making the nonce invalid.
struct SecurityFeatures {
  bool password_algorithms = true;  // bit 0
  bool username_anonymity = false;  // bit 1
  friend bool operator==(const SecurityFeatures&, const SecurityFeatures&) = default;
};

enum class NonceVerdict : std::uint8_t {
  fresh,
  stale,   // made by us for this client, too old
  forged,  // not made by us, or for another client: also answered with 438
};

// A nonce carries 128 bits of SipHash-2-4, as the SYN cookies of Linux carry some of it: a keyed hash of few octets
// that costs a tenth of an HMAC, because every request is checked, and every flood of strangers pays for it with our
// time.
class NonceFactory {
 public:
  explicit NonceFactory(const NonceKey& key);

  // "obMatJos2" + 4 base64 digits of feature bits + time and hash, bound to the client's address and port.
  [[nodiscard]] std::string make(const base::Endpoint& client, SecurityFeatures features, base::TimePoint now) const;
  [[nodiscard]] NonceVerdict check(std::string_view nonce, const base::Endpoint& client, base::Duration lifetime,
                                   base::TimePoint now) const;

 private:
  std::array<SipKey, 2> keys_;
};

// The features that a nonce of ours announces; only meaningful when `check` did not say forged.
[[nodiscard]] SecurityFeatures features_of(std::string_view nonce);

}  // namespace turnd::auth
