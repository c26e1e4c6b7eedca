// What opening, going on with and ending a session answers: tokens in the body, and as cookies for browsers (R14).
#pragma once

#include <string_view>

#include "signaling/api/account_routes.h"
#include "signaling/api/call.h"

namespace signaling::api {

// {success, data, access_token, refresh_token, expires_in}, with the cookies access, refresh and csrf.
[[nodiscard]] Reply session_reply(unsigned status, const service::SignedIn& session, const AccountParts& parts,
                                  const Call& call);
// {access_token, expires_in, refresh_token}
[[nodiscard]] Reply refreshed_reply(const service::TokenPair& tokens, const AccountParts& parts, const Call& call);
// {access_token, guest_secret, expires_in, user}, with access and csrf.
[[nodiscard]] Reply guest_reply(const service::GuestSession& guest, const AccountParts& parts, const Call& call);
// {message}, and every cookie gone.
[[nodiscard]] Reply ended_reply(std::string_view message, const Call& call);

[[nodiscard]] service::ClientNote note_of(const Call& call);

}  // namespace signaling::api
