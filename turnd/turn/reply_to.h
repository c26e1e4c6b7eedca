// ReplyTo: what a reply must know of its request; a value that outlives the datagram.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnd/auth/authenticated.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"

namespace turnd::turn {

// The key that signs a reply, copied.
class ReplyKey {
 public:
  explicit ReplyKey(const stun::IntegrityKey& key);
  [[nodiscard]] stun::IntegrityKey view() const { return {algorithm_, base::ByteView(bytes_).first(size_)}; }

 private:
  stun::IntegrityAlgorithm algorithm_;
  std::array<std::uint8_t, 32> bytes_{};
  std::size_t size_;
};

struct ReplyTo {
  FiveTuple client;
  ClientId via;
  stun::Method method{};
  stun::TransactionId transaction{};
  bool fingerprint = false;     // the request had one, so the reply has one
  std::optional<ReplyKey> key;  // absent: Binding, and requests that were not authenticated
};

}  // namespace turnd::turn
