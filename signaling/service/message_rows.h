// The rows of messages and reactions, read the same way everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/conversation.h"
#include "signaling/service/message.h"
#include "signaling/store/connection.h"

namespace signaling::service {

// Of `SELECT * FROM shown_messages`.
[[nodiscard]] Message read_message(const store::Row& row);

// nullopt: never there, or cleared. `reactor` as in Identity::key(): whose reactions are `mine`.
[[nodiscard]] std::optional<Message> find_message(store::Connection& db, std::int64_t id, std::string_view reactor);
void load_reactions(store::Connection& db, std::string_view reactor, Message& message);
// The same for messages that follow one another in their conversation.
void load_reactions(store::Connection& db, std::string_view reactor, std::vector<Message>& run);

}  // namespace signaling::service
