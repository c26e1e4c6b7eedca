// What the operator sees of an allocation: plain values, copied out of the engine.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/turn/bandwidth.h"
#include "turnd/turn/close_reason.h"
#include "turnd/turn/drop_reason.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/ids.h"

namespace turnd::turn {

struct Traffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // payload only (operations.md D10)
  // Over the last 1-5 s, 0 after 5 s of silence.
  double packets_per_second = 0;
  double bytes_per_second = 0;
};

// Where a session stands in a list: oldest first, ids decide between equals. It never changes.
struct SessionPlace {
  base::WallTime created;
  SessionId id;
  friend auto operator<=>(const SessionPlace&, const SessionPlace&) = default;
};

struct SessionPermission {
  base::IpAddress address;
  base::WallTime expires;
};

struct SessionChannel {
  std::uint16_t number = 0;
  base::Endpoint peer;
  base::WallTime expires;
};

// A live session (operations.md D11).
struct Session {
  SessionId id;
  std::string username;   // the whole USERNAME
  std::string user;       // the part that quotas mean
  std::string realm;
  std::string secret_id;  // empty for users
  FiveTuple tuple;
  std::vector<base::Endpoint> relayed;  // advertised
  std::vector<SessionPermission> permissions;
  std::vector<SessionChannel> channels;
  std::array<Traffic, kDirections> traffic{};
  std::array<std::uint64_t, kDropReasons> drops{};
  base::WallTime created;
  base::WallTime expires;

  [[nodiscard]] SessionPlace place() const { return {created, id}; }
};

// An ended one (operations.md D12).
struct EndedSession {
  SessionId id;
  std::string username;
  std::string user;
  std::string realm;
  FiveTuple tuple;
  std::vector<base::Endpoint> relayed;
  base::WallTime started;
  base::WallTime ended;
  base::Duration duration{};
  CloseReason reason{};
  std::array<Traffic, kDirections> traffic{};  // no rates
  std::array<std::uint64_t, kDropReasons> drops{};
};

}  // namespace turnd::turn
