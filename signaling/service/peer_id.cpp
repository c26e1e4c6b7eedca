#include "signaling/service/peer_id.h"

#include "signaling/protocol/peer_id.h"

namespace signaling::service {

std::string peer_id(const SealingKey& key, std::string_view meeting_uuid, const Identity& who, std::string_view seed) {
  const std::string proof =
      key.token_for("peer " + std::string(meeting_uuid) + " " + who.key() + " " + std::string(seed));
  return std::string(seed) + proof.substr(0, protocol::kPeerProofLength);
}

}  // namespace signaling::service
