// The search index over messages: filled behind them in the writer's idle time, exact about what it holds.
#pragma once

#include <cstddef>
#include <cstdint>

#include "signaling/store/connection.h"

namespace signaling::store {

// Indexes up to `most` messages. True: there are more. In a transaction of the caller's.
bool index_some(Connection& connection, std::size_t most);

// Before a message's content changes or its row goes: takes the old words out and has the new ones put in later.
void forget_in_index(Connection& connection, std::int64_t message_id);
// The same before all messages of a conversation go.
void forget_conversation_in_index(Connection& connection, std::int64_t conversation_id);

// How many messages a search does not find yet, by their ids: asked often.
[[nodiscard]] std::int64_t index_lag(Connection& connection);

}  // namespace signaling::store
