// How requests are answered: error codes, and the pieces that every reply shares.
#pragma once

#include <cstdint>
#include <string_view>

#include "turnd/auth/authenticated.h"
#include "turnd/stun/message_builder.h"
#include "turnd/turn/counters.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/reply_to.h"

namespace turnd::turn {

// RFC 8489 s14.8, RFC 8656 s19
enum class ErrorCode : std::uint16_t {
  bad_request = 400,
  unauthenticated = 401,
  forbidden = 403,
  unknown_attribute = 420,
  allocation_mismatch = 437,
  stale_nonce = 438,
  address_family_not_supported = 440,
  wrong_credentials = 441,
  unsupported_transport_protocol = 442,
  peer_address_family_mismatch = 443,
  allocation_quota_reached = 486,
  server_error = 500,
  insufficient_capacity = 508,
};

struct ClientDatagram;

// For a reply that nobody signs, and for one signed with the credentials of its request.
[[nodiscard]] ReplyTo reply_to(const stun::MessageView& request, const ClientDatagram& came_in);
[[nodiscard]] ReplyTo reply_to(const auth::Authenticated& client, const ClientDatagram& came_in);

[[nodiscard]] stun::MessageBuilder begin_success(const ReplyTo& to);
// The caller adds ERROR-CODE first.
[[nodiscard]] stun::MessageBuilder begin_error(const ReplyTo& to);

// Ends a reply: SOFTWARE when configured, the integrity attribute, FINGERPRINT.
[[nodiscard]] SendToClient seal(stun::MessageBuilder& reply, const ReplyTo& to, std::string_view software);

[[nodiscard]] RequestMethod request_method(stun::Method method);

}  // namespace turnd::turn
