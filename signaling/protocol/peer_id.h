// A peerId of signald.v1: what was drawn for it, 16 hexadecimal digits, and behind that the proof whose it is and
// where.
#pragma once

#include <cstddef>
#include <string_view>

namespace signaling::protocol {

inline constexpr std::size_t kPeerSeedLength = 16;
inline constexpr std::size_t kPeerProofLength = 16;  // of base64url: 96 bits

// What was drawn; empty when that is no such peerId.
[[nodiscard]] std::string_view peer_seed(std::string_view peer_id);

}  // namespace signaling::protocol
