// Engine: the whole relay as a function of (bytes, who, now) to effects. No socket, clock, thread or lock.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "turnd/auth/authenticator.h"
#include "turnd/base/bytes.h"
#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/random_source.h"
#include "turnd/base/result.h"
#include "turnd/turn/counters.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/forward.h"
#include "turnd/turn/header_fields.h"
#include "turnd/turn/peer_policy.h"
#include "turnd/turn/quota_ledger.h"
#include "turnd/turn/reservation_board.h"
#include "turnd/turn/session.h"
#include "turnd/turn/session_glance.h"
#include "turnd/turn/settings.h"
#include "turnd/turn/traffic_meter.h"

namespace turnd::turn {

// One message from a client. On streams and DTLS exactly one message, deframed or decrypted.
struct ClientDatagram {
  FiveTuple from;
  ClientId via;
  base::ByteView bytes;
  std::optional<HeaderFields> fields = {};
};

struct PeerDatagram {
  base::Endpoint from;  // advertised, when it is a relay of this server
  base::ByteView bytes;
  std::optional<HeaderFields> fields = {};
};

// A relay socket that stands.
struct OpenedRelay {
  base::Endpoint advertised;
  std::optional<PortClaim> next;  // EVEN-PORT with R: the reserved port
};
enum class OpenError : std::uint8_t { no_port, no_descriptor, failed };

// What an engine shares with others; everything outlives it.
struct EngineParts {
  auth::Authenticator authenticator;
  std::shared_ptr<const PeerPolicy> policy;
  QuotaLedger& quota;
  ReservationBoard& reservations;
  WorkerCounters& counters;
  base::RandomSource random;
};

// A call of on_time ends after this many, and relaying goes on in between: closing a socket costs 2.5 us.
inline constexpr std::size_t kExpiriesPerTurn = 5000;

// One worker's; not thread-safe, not re-entrant. Bytes that come in are borrowed for the call; forwards
// borrow them until the caller clears the list.
class Engine {
 public:
  Engine(const Settings& settings, EngineParts parts);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Payload leaves through `relayed`, everything else through `out`.
  void on_client_batch(std::span<const ClientDatagram> in, const base::Now& now, PeerForwards& relayed,
                       EffectList& out);
  void on_peer_batch(RelayId to, std::span<const PeerDatagram> in, const base::Now& now, ClientForwards& relayed);
  void on_relay_opened(RelayId which, base::Result<OpenedRelay, OpenError> how, const base::Now& now, EffectList& out);
  // The client's stream or DTLS association is gone, and with it its allocation.
  void on_client_closed(ClientId who, const base::Now& now, EffectList& out);
  // At most kExpiriesPerTurn expiries a call; `next_deadline()` is then already due.
  void on_time(const base::Now& now, EffectList& out);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;

  // What was forwarded and not sent after all: moves it from the relayed figures to the drops.
  void on_not_sent(RelayId relay, Direction direction, DropReason why, std::uint64_t packets, std::uint64_t bytes);

  // An offload below the sockets. Until when everything over this channel would be relayed both ways without a change
  // of mind: the first end of the channel, its permission, its relay and the credential. Nothing: packet by packet
  // only, since a limit of bandwidth holds, the client does not come over UDP, or it would not be relayed at all.
  [[nodiscard]] std::optional<base::TimePoint> channel_end(RelayId relay, stun::ChannelNumberValue number,
                                                           const base::Now& now);
  // Counts what was relayed there. False: the session has ended.
  bool on_offloaded(RelayId relay, const Offloaded& late, const base::Now& now);
  // Whose channels are this session's; none: it has ended.
  [[nodiscard]] std::vector<RelayId> relays_of(SessionId id) const;

  // Reload. New limits hold for new allocations; policy, bandwidth and credentials at once.
  void replace_settings(const Settings& settings, base::TimePoint now);
  void replace_policy(std::shared_ptr<const PeerPolicy> policy);
  [[nodiscard]] auth::Authenticator& authenticator();
  // Refuses new allocations with 508 while draining or stopping.
  enum class Admission : std::uint8_t { open, closed };
  void set_admission(Admission admission);

  // Operator's view and hand.
  // A part of a walk over all sessions. It takes time in proportion to the part.
  struct Part {
    std::uint32_t from = 0;
    std::uint32_t places = std::numeric_limits<std::uint32_t>::max();
  };
  // Where the walk goes on, or nothing when all were seen. A session that lives throughout it is seen exactly once.
  // `visit` must not call back into the engine but for session().
  std::optional<std::uint32_t> visit_sessions(const Part& part, const base::Now& now, const SessionVisit& visit) const;
  [[nodiscard]] std::optional<Session> session(SessionId id, const base::Now& now) const;
  [[nodiscard]] std::size_t session_count() const;
  [[nodiscard]] bool has_session(const FiveTuple& tuple) const;
  // UDP and DTLS sessions whose client sent to this listener; a wildcard address stands for every one. As quick
  // with very many sessions as with one: the loop asks in every turn.
  [[nodiscard]] std::size_t session_count_at(const base::Endpoint& listener) const;
  bool close_session(SessionId id, CloseReason reason, const base::Now& now, EffectList& out);

  // Everything the engine knows agrees with itself. Asserted in debug builds; the fuzzer's oracle.
  [[nodiscard]] bool is_consistent() const;

 private:
  struct State;
  void check() const;
  std::unique_ptr<State> state_;
};

}  // namespace turnd::turn
