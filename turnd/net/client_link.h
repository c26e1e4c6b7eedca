// ClientLink: the way back to clients; a UDP listener, a stream connection or a DTLS association.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "turnd/base/bytes.h"
#include "turnd/base/clock.h"
#include "turnd/turn/drop_reason.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/forward.h"
#include "turnd/turn/ids.h"

namespace turnd::net {

// What did not leave after all: the engine's figures are corrected with it.
struct NotSent {
  turn::DropReason why{};  // of several: the first
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // payload
};

class ClientLink {
 public:
  virtual ~ClientLink() = default;

  // One STUN message of ours, borrowed until flush(). Never blocks; what cannot be sent is dropped (clients
  // retransmit).
  virtual void send_message(const turn::FiveTuple& to, base::ByteView message) = 0;
  // Sends what send_message() may have put off, in one system call where the transport has one.
  virtual void flush() {}
  // A batch of relayed messages, in order, header and payload gathered; streams add the padding.
  [[nodiscard]] virtual NotSent send_forwards(const turn::ClientForwards& forwards) = 0;

  // The client now has an allocation, or has none any more: other limits and deadlines hold.
  virtual void on_session_opened(const base::Now& now) = 0;
  virtual void on_session_closed(const base::Now& now) = 0;
};

// Finds the link of a ClientId: slot and generation, so that an id of a closed connection finds nothing.
class ClientRegistry {
 public:
  [[nodiscard]] turn::ClientId add(ClientLink& link);
  void remove(turn::ClientId id);
  [[nodiscard]] ClientLink* find(turn::ClientId id) const;

 private:
  struct Slot {
    ClientLink* link = nullptr;
    std::uint32_t generation = 0;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace turnd::net
