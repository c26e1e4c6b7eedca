// Services: the rules of every aggregate with their settings, each made once.
#pragma once

#include "signaling/config/config.h"
#include "signaling/limits.h"
#include "signaling/service/accounts.h"
#include "signaling/service/conversations.h"
#include "signaling/service/guests.h"
#include "signaling/service/lobby.h"
#include "signaling/service/messages.h"
#include "signaling/service/participants.h"
#include "signaling/service/posts.h"
#include "signaling/service/signing_key.h"
#include "signaling/service/tokens.h"
#include "signaling/service/users.h"

namespace signaling {

[[nodiscard]] service::TokenAlgorithm token_algorithm(const config::Auth& auth);
// $JWT_EXPIRES_IN wins over the file (C1).
[[nodiscard]] service::TokenSettings token_settings(const config::Auth& auth);

struct Services {
  // Tokens are signed with `key`; those of the previous one are taken until they expire.
  Services(const config::Config& config, service::SigningKey key, std::optional<service::SigningKey> previous);

  Limits limits;
  service::Tokens tokens;
  service::Accounts accounts;
  service::Users users;
  service::Guests guests;
  service::Participants participants;
  service::Messages messages;
  service::Conversations conversations;
  service::Lobby lobby;
  service::Posts posts;
};

}  // namespace signaling
