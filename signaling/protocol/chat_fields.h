// The members of messages about conversations, read; what is wrong with them the reader remembers.
#pragma once

#include "signaling/protocol/client_message.h"
#include "signaling/protocol/field_reader.h"

namespace signaling::protocol {

[[nodiscard]] ClientMessage read_chat(FieldReader& in, bool alias = false);
[[nodiscard]] ClientMessage read_react(FieldReader& in);
[[nodiscard]] ClientMessage read_history(FieldReader& in);
[[nodiscard]] ClientMessage read_read(FieldReader& in);

}  // namespace signaling::protocol
