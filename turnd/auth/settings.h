// What the operator decides about authentication (turnd.yaml: realm, auth, limits.challenges_per_ip).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnd/base/secret.h"
#include "turnd/crypto/hash.h"

namespace turnd::auth {

// A shared secret for ephemeral credentials, from the file, the database, or generated at first start.
struct SharedSecret {
  std::string id;
  base::Secret value;  // the HMAC key, byte for byte
};

// A long-term user: a password, or the keys derived from it. The MD5 key alone (coturn's `turnadmin -k`)
// serves what browsers do today and nothing newer; the database keeps both.
struct StaticUser {
  base::Secret password;
  std::optional<crypto::Md5Digest> md5_key = {};
  std::optional<crypto::Sha256Digest> sha256_key = {};
};

enum class OnExpiry : std::uint8_t {
  keep,  // live sessions outlive their credential
  stop,  // the session is closed in the second in which its credential expires
};

struct Settings {
  std::string realm;
  std::vector<SharedSecret> secrets;
  std::map<std::string, StaticUser, std::less<>> users;
  // RFC 8489 s9.2.4: a nonce older than this is answered with 438.
  std::chrono::nanoseconds nonce_lifetime = std::chrono::minutes(10);
  OnExpiry on_expiry = OnExpiry::keep;
  // 401 and 438 sent over UDP to one address (IPv4) or /56 (IPv6) per second; burst 5 s; 0 = no limit.
  double challenges_per_ip = 50;
};

}  // namespace turnd::auth
