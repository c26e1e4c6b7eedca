// ApiKeys: keys of other servers (X-Api-Key), each with a name and scopes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"
#include "turnd/base/random_source.h"

namespace signaling::service {

struct ApiKey {
  std::string name;
  std::vector<std::string> scopes = {};
  WallTime created_at{};
  bool revoked = false;
};

// Returns the key, which is shown this once and stored as SHA-256 alone. `conflict`: a live key has the name.
[[nodiscard]] protocol::Outcome<std::string> add_key(store::Connection& db, const ApiKey& key,
                                                     const turnd::base::RandomSource& random);
// Oldest first.
[[nodiscard]] std::vector<ApiKey> list_keys(store::Connection& db);
// False: no live key has the name.
[[nodiscard]] bool revoke_key(store::Connection& db, std::string_view name, WallTime now);

// 401 `unauthenticated` for one that is unknown, revoked or expired.
[[nodiscard]] protocol::Outcome<Identity> identify_key(store::Connection& db, std::string_view key, WallTime now);

// "turn,rooms" as a list; nullopt when one is no name of [a-z_].
[[nodiscard]] std::optional<std::vector<std::string>> parse_scopes(std::string_view text);

}  // namespace signaling::service
