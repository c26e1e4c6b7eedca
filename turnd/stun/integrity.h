// Checking MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 of a received message.
#pragma once

#include "turnd/base/bytes.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnd::stun {

// True when the message carries the attribute of `key.algorithm` and its HMAC fits, compared in
// constant time. SHA-256 may be truncated to a multiple of 4 bytes, at least 16 (RFC 8489 s14.6);
// SHA-1 is exactly 20 (s14.5).
[[nodiscard]] bool verify_integrity(const MessageView& message, const IntegrityKey& key);

}  // namespace turnd::stun
