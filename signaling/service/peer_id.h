// peer_id: what a person's socket is called in one meeting (signaling.md 2.4(3), G22).
#pragma once

#include <string>
#include <string_view>

#include "signaling/service/identity.h"
#include "signaling/service/sealed_text.h"

namespace signaling::service {

// From the same `seed` (protocol/peer_id.h) always the same, while the server has its key; for somebody else, or in
// another meeting, another one. So nothing has to be remembered of a peerId, and nobody comes by that of another person
// although he may choose his seed.
[[nodiscard]] std::string peer_id(const SealingKey& key, std::string_view meeting_uuid, const Identity& who,
                                  std::string_view seed);

}  // namespace signaling::service
