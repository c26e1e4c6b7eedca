// The engine's door: each input is handed to the part that answers it.
#include "turnd/turn/engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "turnd/turn/engine_state.h"

namespace turnd::turn {

Engine::State::State(const Settings& initial, EngineParts with)
    : settings(std::make_shared<const Settings>(initial)),
      parts(std::move(with)),
      table(random_u64()),
      indications(random_u64()) {}

std::uint64_t Engine::State::random_u64() const {
  std::array<std::uint8_t, 8> bytes{};
  parts.random(bytes);
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool Engine::State::is_consistent() const {
  if (!table.is_consistent() || expiries.size() != table.size()) return false;
  std::size_t live = 0;
  std::size_t connected = 0;
  bool agrees = true;
  ListenerCounts listeners;
  table.for_each([&](Slot slot, const Allocation& allocation) {
    if (!base::is_stream(allocation.words.transport())) listeners.add(allocation.tuple().server);
    const bool is_live = allocation.state == Allocation::State::live;
    live += is_live ? 1 : 0;
    connected += allocation.words.transport() == base::Transport::udp ? 0 : 1;
    const auto deadline = expiries.deadline(slot);
    agrees = agrees && deadline && (!is_live || find_session(allocation.details->id) == slot);
    agrees = agrees && (!is_live || *deadline <= allocation.expires.near(*deadline));
  });
  return agrees && live == sessions && live == by_session.size() && connected == by_connection.size() &&
         listeners == by_listener;
}

Engine::Engine(const Settings& settings, EngineParts parts)
    : state_(std::make_unique<State>(settings, std::move(parts))) {}

Engine::~Engine() = default;

void Engine::on_client_batch(std::span<const ClientDatagram> in, const base::Now& now, PeerForwards& relayed,
                             EffectList& out) {
  ClientBatch batch{state_->moment(now), relayed, out};
  state_->take_client_batch(in, batch);
  check();
}

void Engine::on_peer_batch(RelayId to, std::span<const PeerDatagram> in, const base::Now& now,
                           ClientForwards& relayed) {
  state_->take_peer_batch(to, in, now, relayed);
  check();
}

void Engine::on_relay_opened(RelayId which, base::Result<OpenedRelay, OpenError> how, const base::Now& now,
                             EffectList& out) {
  state_->relay_opened(which, std::move(how), now, out);
  check();
}

void Engine::on_client_closed(ClientId who, const base::Now& now, EffectList& out) {
  const auto found = state_->by_connection.find(who);
  if (found != state_->by_connection.end()) state_->close(found->second, CloseReason::disconnected, now, out);
  check();
}

void Engine::on_time(const base::Now& now, EffectList& out) {
  std::deque<base::TimePoint>& reservations = state_->reservations;
  if (!reservations.empty() && reservations.front() <= now.monotonic) {
    while (!reservations.empty() && reservations.front() <= now.monotonic) reservations.pop_front();
    state_->parts.reservations.expire(now.monotonic);
  }
  for (std::size_t done = 0; done < kExpiriesPerTurn; ++done) {
    const auto slot = state_->expiries.pop_due(now.monotonic);
    if (!slot) break;
    state_->expire_due(*slot, now, out);
  }
  check();
}

std::optional<base::TimePoint> Engine::next_deadline() const {
  const auto next = state_->expiries.next();
  if (state_->reservations.empty()) return next;
  const base::TimePoint reservation = state_->reservations.front();
  return next ? std::min(*next, reservation) : reservation;
}

void Engine::on_not_sent(RelayId relay, Direction direction, DropReason why, std::uint64_t packets,
                         std::uint64_t bytes) {
  WorkerCounters& counters = state_->parts.counters;
  const auto i = static_cast<std::size_t>(direction);
  counters.relayed_packets[i].subtract(packets);
  counters.relayed_bytes[i].subtract(bytes);
  const Slot slot = state_->table.find(relay);
  if (slot == State::kNone) return counters.drop(why, packets);
  Allocation& allocation = state_->table.at(slot);
  allocation.volume[i].packets -= packets;
  allocation.volume[i].bytes -= bytes;
  state_->drop(allocation, why, packets);
}

void Engine::replace_settings(const Settings& settings, base::TimePoint now) {
  state_->settings = std::make_shared<const Settings>(settings);
  const std::uint64_t bandwidth = settings.limits.bandwidth.session;
  state_->table.for_each([&](Slot slot, const Allocation& allocation) {
    if (allocation.state != Allocation::State::live) return;
    for (TokenBucket& bucket : allocation.details->buckets) bucket.set_rate(bandwidth / 8, now);
    // Looked at on the next tick, which knows the calendar.
    if (settings.stop_on_credential_expiry && allocation.details->owner.identity.expires)
      state_->expiries.arm_earlier(slot, now);
  });
  check();
}

void Engine::replace_policy(std::shared_ptr<const PeerPolicy> policy) { state_->parts.policy = std::move(policy); }

auth::Authenticator& Engine::authenticator() { return state_->parts.authenticator; }

void Engine::set_admission(Admission admission) { state_->admission = admission; }

std::optional<std::uint32_t> Engine::visit_sessions(const Part& part, const base::Now& now,
                                                    const SessionVisit& visit) const {
  const Tick tick = Tick::at(now.monotonic);
  return state_->table.for_each_of(part.from, part.places, [&](Slot /*slot*/, const Allocation& allocation) {
    if (allocation.state == Allocation::State::live) visit(SessionGlance(allocation, tick));
  });
}

std::optional<Session> Engine::session(SessionId id, const base::Now& now) const {
  const Slot slot = state_->find_session(id);
  if (slot == State::kNone) return std::nullopt;
  return state_->describe(slot, now);
}

std::size_t Engine::session_count() const { return state_->sessions; }

bool Engine::has_session(const FiveTuple& tuple) const { return state_->table.find(tuple) != State::kNone; }

std::size_t Engine::session_count_at(const base::Endpoint& listener) const { return state_->by_listener.at(listener); }

bool Engine::close_session(SessionId id, CloseReason reason, const base::Now& now, EffectList& out) {
  const Slot slot = state_->find_session(id);
  if (slot == State::kNone) return false;
  state_->close(slot, reason, now, out);
  check();
  return true;
}

bool Engine::is_consistent() const { return state_->is_consistent(); }

// Debug builds, while it is cheap: looking at everything takes time in proportion to it.
void Engine::check() const { assert(state_->table.size() > 64 || is_consistent()); }

}  // namespace turnd::turn
