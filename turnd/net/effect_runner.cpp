#include "turnd/net/effect_runner.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "turnd/net/receive_batch.h"
#include "turnd/net/relay_table.h"
#include "turnd/net/send_batch.h"

namespace turnd::net {
namespace {

bool is_translated(const turn::RelayPorts& ports) {
  return std::ranges::any_of(
      ports.bitmaps(), [](const auto& bitmap) { return bitmap->address().bound != bitmap->address().advertised; });
}

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
// clang deduces an aggregate's arguments from its version 17 on.
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

struct EffectRunner::State final : RelaySocket::Owner {
  State(const Surroundings& surroundings, std::shared_ptr<const turn::RelayPorts> relay_ports)
      : around(surroundings),
        relays(surroundings.poller),
        sends(surroundings.kernel, &surroundings.counters.udp_gso_refused) {
    use(std::move(relay_ports));
    received.reserve(ReceiveBatch::kMessages);
  }

  void use(std::shared_ptr<const turn::RelayPorts> relay_ports) {
    ports = std::move(relay_ports);
    translates = is_translated(*ports);
  }

  // Payload.
  void on_relay_ready(RelaySocket& relay, const base::Now& now) override;
  void relay_to_client(turn::RelayId from, std::span<const turn::PeerDatagram> batch, const base::Now& now);
  void relay_to_peers(std::span<const turn::PeerForward> forwards);
  void send_from(RelaySocket& relay, std::span<const turn::PeerForward> forwards);
  void not_sent(turn::RelayId relay, turn::Direction direction, const NotSent& failed);

  // Effects.
  void run_pending(const base::Now& now);
  void run(turn::Effect& effect, const base::Now& now);
  void send(const turn::SendToClient& reply);
  void flush_links();
  void open(turn::OpenRelay& request, const base::Now& now);
  base::Result<BoundPort, turn::OpenError> bind(turn::OpenRelay& request, const base::Now& now);
  void tell_opened(const turn::SessionOpened& opened, const base::Now& now);
  void tell_closed(turn::SessionClosed& closed, const base::Now& now);
  void tell_bound(const turn::ChannelBound& bound, const base::Now& now);
  void tell_released(const turn::ChannelReleased& released, const base::Now& now);

  Surroundings around;
  std::shared_ptr<const turn::RelayPorts> ports;
  bool translates = false;  // some advertised address is not the bound one
  RelayTable relays;
  SendBatch sends;

  // Kept from batch to batch for their memory.
  std::vector<turn::PeerDatagram> received;
  turn::PeerForwards to_peers;
  turn::ClientForwards to_client;

  // Effects run in rounds: what follows from one round (a relay that opened, a client that closed because it
  // could not be written to) is collected for the next.
  turn::EffectList pending;
  turn::EffectList round;
  bool running = false;
  std::vector<turn::ClientId> unflushed;
  // By an offload, over the released channels of a session that the engine has already forgotten.
  struct RelayedLast {
    turn::FiveTuple client;
    turn::Volumes volumes{};
  };
  RelayedLast relayed_last;
};

// One batch: a socket that has more is reported again, after the others had their turn. The relay may be gone
// when the batch has been handed over.
void EffectRunner::State::on_relay_ready(RelaySocket& relay, const base::Now& now) {
  ReceiveBatch& batch = ReceiveBatch::mine();
  const std::size_t count = batch.receive(relay.descriptor());
  if (count == 0) return;
  received.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const base::Endpoint from = translates ? ports->to_advertised(batch.from(i)) : batch.from(i);
    const auto fields = batch.header_fields(i);
    batch.for_each_datagram(i, [&](base::ByteView datagram) { received.push_back({from, datagram, fields}); });
  }
  relay_to_client(relay.id(), received, now);
}

void EffectRunner::State::relay_to_client(turn::RelayId from, std::span<const turn::PeerDatagram> batch,
                                          const base::Now& now) {
  to_client.clear();
  around.engine.on_peer_batch(from, batch, now, to_client);
  if (to_client.empty()) return;
  if (ClientLink* link = around.registry.find(to_client.via)) {
    not_sent(from, turn::Direction::to_client, link->send_forwards(to_client));
    return;
  }
  NotSent all{turn::DropReason::send_failed, to_client.items().size(), 0};
  for (const turn::ClientForward& forward : to_client.items()) all.bytes += forward.payload.size();
  not_sent(from, turn::Direction::to_client, all);
}

// Neighbours that leave from one relay leave in one system call.
void EffectRunner::State::relay_to_peers(std::span<const turn::PeerForward> forwards) {
  while (!forwards.empty()) {
    const turn::PeerForward& first = forwards.front();
    const auto end = std::ranges::find_if(forwards, [&first](const turn::PeerForward& each) {
      return each.relay != first.relay || each.fragmentation != first.fragmentation;
    });
    const auto group = forwards.first(static_cast<std::size_t>(end - forwards.begin()));
    if (RelaySocket* relay = relays.find(first.relay)) {
      send_from(*relay, group);
    } else {
      NotSent all{turn::DropReason::send_failed, group.size(), 0};
      for (const turn::PeerForward& forward : group) all.bytes += forward.payload.size();
      not_sent(first.relay, turn::Direction::to_peer, all);
    }
    forwards = forwards.subspan(group.size());
  }
}

void EffectRunner::State::send_from(RelaySocket& relay, std::span<const turn::PeerForward> forwards) {
  relay.set_fragmentation(forwards.front().fragmentation);
  NotSent failed;
  for (const turn::PeerForward& forward : forwards) {
    sends.add(translates ? ports->to_bound(forward.to) : forward.to,
              {.payload = forward.payload, .fields = forward.fields});
    if (sends.full()) sends.flush(relay.descriptor(), failed);
  }
  sends.flush(relay.descriptor(), failed);
  not_sent(relay.id(), turn::Direction::to_peer, failed);
}

void EffectRunner::State::not_sent(turn::RelayId relay, turn::Direction direction, const NotSent& failed) {
  if (failed.packets != 0) around.engine.on_not_sent(relay, direction, failed.why, failed.packets, failed.bytes);
}

void EffectRunner::State::run_pending(const base::Now& now) {
  if (running) return;  // the call further out goes on with it
  running = true;
  while (!pending.empty()) {
    std::swap(pending, round);
    for (turn::Effect& effect : round) run(effect, now);
    flush_links();  // borrows from the round
    round.clear();
  }
  running = false;
}

void EffectRunner::State::run(turn::Effect& effect, const base::Now& now) {
  const Overloaded handle{
      [&](const turn::SendToClient& reply) { send(reply); },
      [&](turn::OpenRelay& request) { open(request, now); },
      [&](const turn::CloseRelay& close) { relays.retire(close.relay); },
      [&](const turn::ChannelBound& bound) { tell_bound(bound, now); },
      [&](const turn::ChannelReleased& released) { tell_released(released, now); },
      [&](const turn::SessionOpened& opened) { tell_opened(opened, now); },
      [&](turn::SessionClosed& closed) { tell_closed(closed, now); },
      [&](const turn::AuthRefused& refused) { around.sink.on_auth_refused(refused); },
  };
  std::visit(handle, effect);
}

void EffectRunner::State::send(const turn::SendToClient& reply) {
  ClientLink* link = around.registry.find(reply.via);
  if (link == nullptr) return;  // its connection closed meanwhile, and with it whom the reply was for
  link->send_message(reply.to, reply.message);
  if (unflushed.empty() || unflushed.back() != reply.via) unflushed.push_back(reply.via);
}

void EffectRunner::State::flush_links() {
  for (const turn::ClientId id : unflushed)
    if (ClientLink* link = around.registry.find(id)) link->flush();
  unflushed.clear();
}

void EffectRunner::State::open(turn::OpenRelay& request, const base::Now& now) {
  auto bound = bind(request, now);
  if (!bound) return around.engine.on_relay_opened(request.relay, bound.error(), now, pending);
  turn::OpenedRelay opened{bound->claim.advertised(), std::move(bound->next)};
  ask_for_merging(bound->socket.get(), around.kernel);
  ask_for_header_fields(bound->socket.get(), request.family);
  if (!relays.add(std::make_unique<RelaySocket>(request.relay, std::move(*bound), *this)))
    return around.engine.on_relay_opened(request.relay, turn::OpenError::no_descriptor, now, pending);
  around.engine.on_relay_opened(request.relay, std::move(opened), now, pending);
}

// What was retired and not closed yet holds ports and descriptors that are free for the asking.
base::Result<BoundPort, turn::OpenError> EffectRunner::State::bind(turn::OpenRelay& request, const base::Now& now) {
  auto bound = bind_relay_port(request, *ports, around.random, now.monotonic);
  if (bound || bound.error() == turn::OpenError::failed || relays.retired() == 0) return bound;
  relays.close_retired(turn::kExpiriesPerTurn);
  return bind_relay_port(request, *ports, around.random, now.monotonic);
}

void EffectRunner::State::tell_opened(const turn::SessionOpened& opened, const base::Now& now) {
  if (ClientLink* link = around.registry.find(opened.via)) link->on_session_opened(now);
  around.sink.on_session_opened(opened.session);
}

// A session ends after its channels: what they relayed last belongs to its figures.
void EffectRunner::State::tell_closed(turn::SessionClosed& closed, const base::Now& now) {
  if (relayed_last.client == closed.session.tuple) {
    for (std::size_t i = 0; i < turn::kDirections; ++i) {
      closed.session.traffic[i].packets += relayed_last.volumes[i].packets;
      closed.session.traffic[i].bytes += relayed_last.volumes[i].bytes;
    }
    relayed_last = {};
  }
  if (ClientLink* link = around.registry.find(closed.via)) link->on_session_closed(now);
  around.sink.on_session_closed(closed.session);
}

void EffectRunner::State::tell_bound(const turn::ChannelBound& bound, const base::Now& now) {
  if (around.channels == nullptr) return;
  if (const RelaySocket* relay = relays.find(bound.relay))
    around.channels->on_channel_bound(bound, relay->claim().bound(), ports->to_bound(bound.peer), now);
}

void EffectRunner::State::tell_released(const turn::ChannelReleased& released, const base::Now& now) {
  if (around.channels == nullptr) return;
  const turn::Offloaded last = around.channels->on_channel_released(released);
  if (relayed_last.client != released.client) relayed_last = {released.client, {}};
  if (last.is_nothing() || around.engine.on_offloaded(released.relay, last, now)) return;
  for (std::size_t i = 0; i < turn::kDirections; ++i) relayed_last.volumes[i] += last.volumes[i];
}

EffectRunner::EffectRunner(const Surroundings& around, std::shared_ptr<const turn::RelayPorts> ports)
    : state_(std::make_unique<State>(around, std::move(ports))) {}

EffectRunner::~EffectRunner() = default;

void EffectRunner::on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) {
  state_->to_peers.clear();
  state_->around.engine.on_client_batch(batch, now, state_->to_peers, state_->pending);
  state_->relay_to_peers(state_->to_peers.items());
  state_->run_pending(now);
}

void EffectRunner::on_peer_batch(turn::RelayId relay, std::span<const turn::PeerDatagram> batch, const base::Now& now) {
  state_->relay_to_client(relay, batch, now);
}

void EffectRunner::on_client_closed(turn::ClientId client, const base::Now& now) {
  state_->around.engine.on_client_closed(client, now, state_->pending);
  state_->run_pending(now);
}

void EffectRunner::on_drop(turn::DropReason why) { state_->around.counters.drop(why); }

void EffectRunner::on_time(const base::Now& now) {
  // A turn that has enough to close lets nothing more expire.
  if (state_->relays.retired() < turn::kExpiriesPerTurn) {
    state_->around.engine.on_time(now, state_->pending);
    state_->run_pending(now);
  }
  state_->relays.close_retired(turn::kExpiriesPerTurn);
}

std::optional<base::TimePoint> EffectRunner::next_deadline() const {
  if (state_->relays.retired() != 0) return base::TimePoint::min();
  return state_->around.engine.next_deadline();
}

void EffectRunner::run(turn::EffectList& effects, const base::Now& now) {
  std::ranges::move(effects, std::back_inserter(state_->pending));
  effects.clear();
  state_->run_pending(now);
}

void EffectRunner::replace_ports(std::shared_ptr<const turn::RelayPorts> ports) { state_->use(std::move(ports)); }

std::size_t EffectRunner::relay_sockets() const { return state_->relays.size(); }

}  // namespace turnd::net
