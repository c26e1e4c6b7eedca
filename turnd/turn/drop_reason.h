// DropReason: why a packet went no further. One name in logs, metrics, API and turnctl (operations.md D31).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace turnd::turn {

enum class DropReason : std::uint8_t {
  malformed,        // looked like STUN, ChannelData or DTLS, and was not well-formed
  not_stun,         // none of the protocols of this port
  no_allocation,    // data from a five-tuple that owns no allocation
  no_permission,    // a peer's datagram without permission
  no_channel,       // ChannelData on a number that is not bound
  peer_denied,      // a client's data to a peer that the policy denies
  bandwidth,        // a token bucket was empty
  queue_full,       // a stream client does not read
  too_big,          // larger than the path or the protocol carries
  challenge_limit,  // a 401 or 438 that was not sent
  send_failed,      // the kernel refused it
  ttl_expired,      // it came on its last hop (RFC 8656 s14)
};
inline constexpr std::size_t kDropReasons = 12;
inline constexpr std::array kAllDropReasons{
    DropReason::malformed,  DropReason::not_stun,        DropReason::no_allocation, DropReason::no_permission,
    DropReason::no_channel, DropReason::peer_denied,     DropReason::bandwidth,     DropReason::queue_full,
    DropReason::too_big,    DropReason::challenge_limit, DropReason::send_failed,   DropReason::ttl_expired};

std::string_view to_string(DropReason reason);

}  // namespace turnd::turn
