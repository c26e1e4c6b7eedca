// Inbox: where sockets put what they received. The EffectRunner implements it around the engine.
#pragma once

#include <span>

#include "turnd/base/clock.h"
#include "turnd/turn/engine.h"

namespace turnd::net {

class Inbox {
 public:
  virtual ~Inbox() = default;
  // Runs the engine on the batch and sends everything that follows from it before it returns. Links may be
  // told to send, and sessions to open or close, during the call.
  virtual void on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) = 0;
  virtual void on_peer_batch(turn::RelayId relay, std::span<const turn::PeerDatagram> batch, const base::Now& now) = 0;
  // A stream or DTLS client is gone.
  virtual void on_client_closed(turn::ClientId client, const base::Now& now) = 0;
  // Something that never reached the engine (a datagram that is no protocol of ours, a broken stream).
  virtual void on_drop(turn::DropReason why) = 0;
};

// Where the control plane hears of sessions. Called on the worker's thread; must not block.
class SessionSink {
 public:
  virtual ~SessionSink() = default;
  virtual void on_session_opened(const turn::Session& session) = 0;
  virtual void on_session_closed(const turn::EndedSession& session) = 0;
  virtual void on_auth_refused(const turn::AuthRefused& refused) = 0;
};

}  // namespace turnd::net
