// World: an engine with a virtual clock and captured effects; the world around it is made of plain values.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/relay_sockets.h"
#include "tests/support/reply.h"
#include "tests/support/surroundings.h"
#include "tests/support/world_options.h"
#include "turnd/turn/engine.h"

namespace turnd::support {

using namespace std::chrono_literals;

class World {
 public:
  explicit World(WorldOptions options = {})
      : options_(complete(std::move(options))),
        relays_(options_.ports, [this](base::MutableBytes out) { fill(out); }),
        ledger(options_.settings.limits),
        engine(options_.settings, parts()) {}

  // Everything the engine asked for and said since the last `forget()`, but for what it sent.
  [[nodiscard]] const std::vector<turn::Effect>& effects() const { return effects_; }
  void forget() { effects_.clear(); }
  template <class T>
  [[nodiscard]] std::vector<const T*> all() const {
    std::vector<const T*> found;
    for (const turn::Effect& effect : effects_)
      if (const T* it = std::get_if<T>(&effect)) found.push_back(it);
    return found;
  }
  template <class T>
  [[nodiscard]] const T& last() const {
    return *all<T>().back();
  }

  // Time passes, and the engine's timer goes off whenever it is due.
  void advance(base::Duration by) {
    const base::TimePoint end = now.monotonic + by;
    while (const auto due = engine.next_deadline()) {
      if (*due > end) break;
      step_to(std::max(*due, now.monotonic));
      engine.on_time(now, collected_);
      settle();
    }
    step_to(end);
  }
  // Time passes and the timer is late.
  void advance_without_timer(base::Duration by) { step_to(now.monotonic + by); }
  // The calendar is set; time itself does not care.
  void step_wall_clock(base::Duration by) { now.wall += by; }

  // Raw bytes from a client; the reply, when there was one.
  std::optional<Reply> deliver(const Client& client, const base::Bytes& bytes) {
    replies_.clear();
    const turn::ClientDatagram datagram{client.tuple, client.via, bytes};
    engine.on_client_batch({&datagram, 1}, now, forwards_, collected_);
    take_forwards();
    settle();
    if (replies_.empty()) return std::nullopt;
    return Reply(replies_.back());
  }
  // A signed request as a client makes it: it learns the nonce first, and a newer one when that is stale.
  std::optional<Reply> try_request(Client& client, stun::Method method, const Attributes& attributes = {}) {
    if (client.nonce.empty()) learn(client);
    auto reply = deliver(client, client.signed_request(method, attributes));
    if (!reply || reply->code() != 438) return reply;
    client.nonce = std::string(reply->get<stun::Nonce>().value().text);
    return deliver(client, client.signed_request(method, attributes));
  }
  Reply request(Client& client, stun::Method method, const Attributes& attributes = {}) {
    return try_request(client, method, attributes).value();
  }
  void learn(Client& client) {
    const Reply challenge = deliver(client, client.unsigned_request(stun::Method::refresh)).value();
    client.realm = std::string(challenge.get<stun::Realm>().value().text);
    client.nonce = std::string(challenge.get<stun::Nonce>().value().text);
  }

  Reply allocate(Client& client, const Attributes& attributes = {}) {
    return request(client, stun::Method::allocate, [&](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
      if (attributes) attributes(message);
    });
  }
  Reply refresh(Client& client, std::chrono::seconds lifetime) {
    return request(client, stun::Method::refresh, [&](stun::MessageBuilder& m) { m.add(stun::Lifetime{lifetime}); });
  }
  Reply permit(Client& client, const std::vector<base::Endpoint>& peers) {
    return request(client, stun::Method::create_permission, [&](stun::MessageBuilder& message) {
      for (const base::Endpoint& peer : peers) message.add(stun::XorPeerAddress{peer});
    });
  }
  Reply bind(Client& client, std::uint16_t number, const base::Endpoint& peer) {
    return request(client, stun::Method::channel_bind, [&](stun::MessageBuilder& message) {
      message.add(stun::ChannelNumber{{number}}).add(stun::XorPeerAddress{peer});
    });
  }

  // Data from a client: what reached peers.
  std::vector<ToPeer> data(const Client& client, const base::Bytes& bytes) {
    to_peers_.clear();
    (void)deliver(client, bytes);
    return to_peers_;
  }
  std::vector<ToPeer> send(Client& client, const base::Endpoint& peer, std::string_view payload) {
    return data(client, client.send_indication(peer, payload));
  }
  std::vector<ToPeer> channel(const Client& client, std::uint16_t number, std::string_view payload) {
    return data(client, Client::channel_data(number, payload));
  }
  // A peer's datagram to a relayed address: what reached the client.
  std::vector<ToClient> from_peer(const base::Endpoint& peer, const base::Endpoint& relayed, std::string_view payload) {
    const turn::PeerDatagram datagram{peer, base::as_bytes(payload)};
    return from_peer_batch(relay_at(relayed), {&datagram, 1});
  }
  std::vector<ToClient> from_peer_batch(turn::RelayId relay, std::span<const turn::PeerDatagram> in) {
    turn::ClientForwards forwards;
    engine.on_peer_batch(relay, in, now, forwards);
    std::vector<ToClient> arrived;
    for (const turn::ClientForward& each : forwards.items()) {
      base::Bytes message(each.header.begin(), each.header.end());
      message.insert(message.end(), each.payload.begin(), each.payload.end());
      message.resize(message.size() + each.padding);
      arrived.push_back({forwards.to, std::move(message)});
    }
    return arrived;
  }
  void disconnect(const Client& client) {
    engine.on_client_closed(client.via, now, collected_);
    settle();
  }
  [[nodiscard]] std::vector<turn::Session> sessions() const {
    std::vector<turn::Session> all;
    (void)engine.visit_sessions(
        {}, now, [&](const turn::SessionGlance& each) { all.push_back(engine.session(each.id, now).value()); });
    return all;
  }
  void kill(turn::SessionId id, turn::CloseReason reason = turn::CloseReason::killed) {
    (void)engine.close_session(id, reason, now, collected_);
    settle();
  }

  // While held, relays are opened or fail only when the test says so.
  void hold_relays() { held_ = true; }
  [[nodiscard]] std::size_t held_relays() const { return asked_.size(); }
  void open_held() {
    turn::OpenRelay relay = std::move(asked_.front());
    asked_.pop_front();
    open(std::move(relay));
    settle();
  }
  void fail_held(turn::OpenError error) {
    const turn::RelayId relay = asked_.front().relay;
    asked_.pop_front();
    engine.on_relay_opened(relay, error, now, collected_);
    settle();
  }
  [[nodiscard]] std::optional<Reply> last_reply() const {
    if (replies_.empty()) return std::nullopt;
    return Reply(replies_.back());
  }

  [[nodiscard]] turn::RelayId relay_at(const base::Endpoint& advertised) const { return relays_.at(advertised); }
  [[nodiscard]] std::size_t open_relays() const { return relays_.size(); }
  [[nodiscard]] std::uint32_t ports_in_use() const { return relays_.ports_in_use(); }
  [[nodiscard]] std::uint64_t drops(turn::DropReason why) const {
    return counters.drops[static_cast<std::size_t>(why)].value();
  }
  [[nodiscard]] std::uint64_t requests(turn::RequestMethod method, turn::RequestResult result) const {
    return counters.requests[static_cast<std::size_t>(method)][static_cast<std::size_t>(result)].value();
  }
  // Every unit and every port that is held belongs to an allocation that lives or opens.
  [[nodiscard]] bool is_balanced() const {
    std::size_t ports = relays_.size() + board.held();
    for (const turn::OpenRelay& asked : asked_) ports += asked.reserved ? 1 : 0;
    return engine.is_consistent() && ports_in_use() == ports &&
           (ledger.held() == engine.session_count() + board.held() || !asked_.empty());
  }

  void replace_rules(const turn::PeerRules& rules) { engine.replace_policy(make_policy(rules)); }
  void replace_settings(const turn::Settings& settings) {
    ledger.set(settings.limits);
    engine.replace_settings(settings, now.monotonic);
  }
  void replace_credentials(const auth::Settings& settings) {
    engine.authenticator().replace(auth::CredentialSource::make(settings, {}));
  }
  [[nodiscard]] const auth::Settings& credentials() const { return options_.credentials; }

  Client alice = make_client("alice", "10.1.1.1:40001");
  Client bob = make_client("bob", "10.1.1.2:40002");
  static Client make_client(const std::string& name, std::string_view from,
                            base::Transport transport = base::Transport::udp) {
    return {.username = name,
            .password = name + "-password",
            .tuple = {endpoint(from), endpoint("203.0.113.10:3478"), transport}};
  }

  base::Now now{base::TimePoint(1000s), base::WallTime(1'800'000'000s)};
  turn::WorkerCounters counters;

 private:
  static WorldOptions complete(WorldOptions options) {
    options.credentials.realm = kRealm;
    for (const std::string name : {"alice", "bob", "carol"})
      options.credentials.users[name] = {base::Secret(name + "-password"), std::nullopt};
    return options;
  }
  turn::EngineParts parts() {
    const auth::Authenticator::Config config{
        .nonce_key = {1, 2, 3},
        .nonce_lifetime = 600s,
        .challenges_per_ip = options_.challenges_per_ip,
        .limiter_key = {4, 5},
    };
    return {.authenticator = {config, auth::CredentialSource::make(options_.credentials, {})},
            .policy = make_policy(options_.rules),
            .quota = ledger,
            .reservations = board,
            .counters = counters,
            .random = [this](base::MutableBytes out) { fill(out); }};
  }
  std::shared_ptr<const turn::PeerPolicy> make_policy(const turn::PeerRules& rules) {
    turn::PolicySurroundings around;
    around.own_endpoints = {endpoint("203.0.113.10:3478")};
    for (const turn::RelayAddress& each : RelaySockets::addresses()) around.served_addresses.push_back(each.bound);
    around.relays = relays_.ports();
    return std::make_shared<turn::PeerPolicy>(rules, std::move(around), ++generation_);
  }
  void fill(base::MutableBytes out) {
    for (std::uint8_t& byte : out) {
      random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
      byte = static_cast<std::uint8_t>(random_ >> 56);
    }
  }
  void step_to(base::TimePoint when) {
    now.wall += when - now.monotonic;
    now.monotonic = when;
  }
  void take_forwards() {
    for (const turn::PeerForward& each : forwards_.items())
      to_peers_.push_back({each.relay, each.to, std::string(base::as_text(each.payload)), each.fragmentation});
    forwards_.clear();
  }
  // Does what the engine asked for, as net/ does, until it asks for nothing more.
  void settle() {
    while (!collected_.empty()) {
      turn::EffectList round = std::exchange(collected_, {});
      for (turn::Effect& effect : round) carry_out(effect);
    }
  }
  void carry_out(turn::Effect& effect) {
    if (auto* sent = std::get_if<turn::SendToClient>(&effect)) {
      replies_.push_back(std::move(sent->message));
      return;
    }
    if (auto* asked = std::get_if<turn::OpenRelay>(&effect)) {
      if (held_) return asked_.push_back(std::move(*asked));
      return open(std::move(*asked));
    }
    if (auto* closed = std::get_if<turn::CloseRelay>(&effect)) relays_.close(closed->relay);
    effects_.push_back(std::move(effect));
  }
  void open(turn::OpenRelay asked) {
    const turn::RelayId relay = asked.relay;
    engine.on_relay_opened(relay, relays_.open(std::move(asked), now.monotonic), now, collected_);
  }

  WorldOptions options_;
  std::uint64_t generation_ = 0;
  std::uint64_t random_ = 1;
  RelaySockets relays_;
  turn::PeerForwards forwards_;
  turn::EffectList collected_;
  std::vector<turn::Effect> effects_;
  std::vector<base::Bytes> replies_;
  std::vector<ToPeer> to_peers_;
  std::deque<turn::OpenRelay> asked_;
  bool held_ = false;

 public:
  CountingLedger ledger;
  CountingBoard board;
  turn::Engine engine;
};

}  // namespace turnd::support
