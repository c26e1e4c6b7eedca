#include "signaling/protocol/peer_id.h"

namespace signaling::protocol {

std::string_view peer_seed(std::string_view peer_id) {
  if (peer_id.size() != kPeerSeedLength + kPeerProofLength) return {};
  const std::string_view seed = peer_id.substr(0, kPeerSeedLength);
  return seed.find_first_not_of("0123456789abcdef") == std::string_view::npos ? seed : std::string_view();
}

}  // namespace signaling::protocol
