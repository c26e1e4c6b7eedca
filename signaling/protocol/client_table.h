// The message types of signald.v1 that clients send: each with the bucket that pays for it and what reads it.
#pragma once

#include <cstddef>
#include <string_view>

#include "signaling/protocol/client_message.h"
#include "signaling/protocol/client_request.h"
#include "signaling/protocol/field_reader.h"

namespace signaling::protocol {

struct ClientType {
  std::string_view name;
  RateClass rate;
  ClientMessage (*read)(FieldReader&);
};

// nullptr for an unknown type.
[[nodiscard]] const ClientType* find_client_type(std::string_view name);
[[nodiscard]] std::size_t number_of(const ClientType& row);  // ClientRequest::type

}  // namespace signaling::protocol
