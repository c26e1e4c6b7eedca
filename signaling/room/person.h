// Person: who speaks, as the hub needs to know it. Made by services from a token or a guest's name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "signaling/protocol/time_text.h"

namespace signaling::room {

struct Person {
  std::string id;            // the token's `sub`: "42", or "g:<id>" of a guest
  std::int64_t user_id = 0;  // of an account
  bool is_guest = false;
  bool is_admin = false;
  std::string name;
  std::string username;  // of a guest: his name
  std::string name_key;  // protocol::name_key() of the username; empty: he has none of his own
  std::string family;    // refresh family of the token; empty: none
  std::int64_t epoch = 0;
  std::optional<std::string> meeting_scope;      // UUID of the only meeting the token is good for
  std::optional<protocol::WallTime> expires_at;  // of the token; nullopt: never (G20h)
};

}  // namespace signaling::room
