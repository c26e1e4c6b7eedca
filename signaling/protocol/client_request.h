// ClientRequest: a frame of a client as the hub takes it: its id, the bucket that pays for it, and the message or what
// is wrong with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "signaling/protocol/client_message.h"
#include "signaling/protocol/failure.h"

namespace signaling::protocol {

// Which rate limit a message draws from (G80).
enum class RateClass : std::uint8_t { total, chat, candidates, join, stats, data };
inline constexpr std::size_t kRateClasses = 6;

// The types of signald.v1 are numbered, for who counts them; the last number is everything else that clients send.
inline constexpr std::size_t kClientTypes = 36;
[[nodiscard]] std::string_view client_type_name(std::size_t number);  // "ice-candidate"; "other"

struct ClientRequest {
  std::string id;  // JSON text, as it goes into the reply; empty: none was asked for
  RateClass rate = RateClass::total;
  Outcome<ClientMessage> message;
  std::size_t type = kClientTypes - 1;
};

// `frame` is well-formed UTF-8 and outlives what is returned. Never fails: what is wrong is in `message`.
[[nodiscard]] ClientRequest parse_client_request(std::string_view frame);

}  // namespace signaling::protocol
