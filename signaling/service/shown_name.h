// What an account is called where everybody else goes by a username: in the lobby and among those who are online.
#pragma once

#include <string>

#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

// An account's username. An account without one goes by its display name, which anybody may choose: one that is
// another account's username, or that a live socket of somebody else holds, is followed by the account's number in
// parentheses, which no username has.
[[nodiscard]] std::string shown_name(store::Connection& db, const Identity& account);

}  // namespace signaling::service
