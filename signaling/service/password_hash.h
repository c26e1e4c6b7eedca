// Password hashes: Argon2id (RFC 9106) as PHC strings. Slow and hungry by design: runs on a HashPool, never elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace signaling::service {

// "$argon2id$v=19$m=19456,t=2,p=1$...". Throws std::bad_alloc when its memory cannot be had.
[[nodiscard]] std::string hash_password(std::string_view password);

// An empty hash is the hash of nobody's password: as slow as any other, and false. So a log-in takes the same time
// whether the account exists or not.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);

// Whether a hash was made with other parameters than ours.
[[nodiscard]] bool needs_rehash(std::string_view hash);

struct PasswordCheck {
  bool is_right = false;
  std::string fresh_hash = {};  // to be stored instead: the password is right and its hash was made in another way
};
[[nodiscard]] PasswordCheck check_password(std::string_view hash, std::string_view password);

}  // namespace signaling::service
