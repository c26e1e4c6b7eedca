// Effects: what the engine asks its surroundings to do. Data, in the order in which it must happen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "turnd/auth/refusal.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/turn/session.h"

namespace turnd::turn {

// A reply (or, on a stream, a framed message) for the client.
struct SendToClient {
  ClientId via;
  FiveTuple to;
  base::Bytes message;
};

enum class PortChoice : std::uint8_t {
  any,
  even,               // EVEN-PORT
  even_reserve_next,  // EVEN-PORT with R
};

// Answered by Engine::on_relay_opened with the same id.
struct OpenRelay {
  RelayId relay;
  base::Family family;
  PortChoice choice = PortChoice::any;
  std::optional<PortClaim> reserved;  // RESERVATION-TOKEN: exactly this port
};

struct CloseRelay {
  RelayId relay;
};

// A kernel offload may subscribe to these; the user-space path is complete without one.
// Bound also says each time that a channel, and the permission with it, is refreshed.
struct ChannelBound {
  RelayId relay;
  FiveTuple client;
  stun::ChannelNumberValue number;
  base::Endpoint peer;
};
struct ChannelReleased {
  RelayId relay;
  FiveTuple client;
  stun::ChannelNumberValue number;
  base::Endpoint peer;
};

// For the connection `via` (it now carries an allocation, or none any more) and for the operator.
struct SessionOpened {
  ClientId via;
  Session session;
};
struct SessionClosed {
  ClientId via;
  EndedSession session;
};
// A request's credentials were refused (not: challenged).
struct AuthRefused {
  FiveTuple from;
  auth::RefusalReason reason;
  std::string username;
};

using Effect = std::variant<SendToClient, OpenRelay, CloseRelay, ChannelBound, ChannelReleased, SessionOpened,
                            SessionClosed, AuthRefused>;
using EffectList = std::vector<Effect>;

}  // namespace turnd::turn
