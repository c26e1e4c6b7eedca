// Identity: who is asking, proved. The services take it as an argument and believe it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/clock.h"

namespace signaling::service {

using WallTime = turnd::base::WallTime;

struct Identity {
  enum class Kind : std::uint8_t { nobody, guest, account, key };

  Kind kind = Kind::nobody;
  std::int64_t user_id = 0;  // accounts
  std::string guest_id;      // guests
  std::string name;          // display name; of a key its name
  std::string username;      // accounts that have one
  bool is_admin = false;
  std::optional<std::string> meeting_scope;  // a guest's only meeting, by UUID
  std::int64_t epoch = 0;                    // token_epoch of the account when the token was made
  std::string family;                        // refresh family of the token, in hex; empty for guests and keys
  std::optional<WallTime> expires_at;        // of the token
  std::vector<std::string> scopes;           // of a key

  [[nodiscard]] bool is_account() const { return kind == Kind::account; }
  [[nodiscard]] bool is_guest() const { return kind == Kind::guest; }
  [[nodiscard]] bool is_nobody() const { return kind == Kind::nobody; }
  [[nodiscard]] bool is_person(std::int64_t id) const { return is_account() && user_id == id; }
  [[nodiscard]] bool has_scope(std::string_view scope) const {
    return kind == Kind::key && std::ranges::find(scopes, scope) != scopes.end();
  }
  // 'u:<user id>' or 'g:<guest id>': one key for both, empty for anybody else.
  [[nodiscard]] std::string key() const {
    if (is_account()) return "u:" + std::to_string(user_id);
    return is_guest() ? "g:" + guest_id : std::string();
  }
};

}  // namespace signaling::service
