// Relay: an engine with many allocations, each with a channel; Arrivals: batches of packets from their clients.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/reply.h"
#include "tests/support/surroundings.h"
#include "turnd/turn/engine.h"

namespace turnd::bench {

using namespace std::chrono_literals;

inline constexpr std::size_t kBatch = 32;
inline constexpr std::uint16_t kChannel = 0x4000;

inline turn::Settings without_quota() {
  turn::Settings settings;
  settings.limits.allocations_per_user = 0;
  settings.limits.allocations_per_ip = 0;
  settings.limits.channels = 0;
  settings.limits.permissions = 0;
  return settings;
}

// What calls of the engine took: real time, which the engine itself never sees.
class Stopwatch {
 public:
  template <class Work>
  void time(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    total += taken.count();
    longest = std::max(longest, taken.count());
  }
  double total = 0;  // seconds
  double longest = 0;
};

// An engine with `count` allocations, each with a channel and a permission to a peer of its own.
class Relay {
 public:
  explicit Relay(std::size_t count, const turn::Settings& settings = without_quota(), double challenges_per_ip = 0)
      : ledger_(settings.limits), engine(settings, parts(challenges_per_ip)) {
    for (std::uint32_t i = 0; i < count; ++i) {
      support::Client client = client_number(i);
      allocate(client);
      bind(client, kChannel, peer_number(i));
      tuples.push_back(client.tuple);
    }
  }
  static base::Endpoint peer_number(std::uint32_t i) {
    const auto octet = [&](int shift) { return static_cast<std::uint8_t>(i >> shift & 0xFF); };
    return {base::IpAddress::v4({9, octet(16), octet(8), octet(0)}), 7000};
  }
  static support::Client client_number(std::uint32_t i) {
    support::Client client{
        "alice", "password", {{{}, 40000}, support::endpoint("203.0.113.10:3478"), base::Transport::udp}};
    client.tuple.client.address = client_address(i);
    return client;
  }
  static base::IpAddress client_address(std::uint32_t i) {
    const auto octet = [&](int shift) { return static_cast<std::uint8_t>(i >> shift & 0xFF); };
    return base::IpAddress::v4({10, octet(16), octet(8), octet(0)});
  }
  base::Bytes allocate_request(support::Client& client) {
    learn(client);
    return client.signed_request(stun::Method::allocate, [](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
    });
  }
  void allocate(support::Client& client) { deliver(client, allocate_request(client)); }
  static base::Bytes bind_request(support::Client& client, std::uint16_t number, const base::Endpoint& peer) {
    return client.signed_request(stun::Method::channel_bind, [&](stun::MessageBuilder& message) {
      message.add(stun::ChannelNumber{{number}}).add(stun::XorPeerAddress{peer});
    });
  }
  void bind(support::Client& client, std::uint16_t number, const base::Endpoint& peer) {
    if (!support::Reply(deliver(client, bind_request(client, number, peer))).succeeded())
      throw std::runtime_error("a ChannelBind was refused");
  }
  // Does what the engine asks for; the last reply.
  base::Bytes deliver(const support::Client& client, const base::Bytes& bytes) {
    const turn::ClientDatagram datagram{client.tuple, client.via, bytes};
    turn::PeerForwards forwards;
    turn::EffectList out;
    base::Bytes reply;
    engine_time.time([&] { engine.on_client_batch({&datagram, 1}, now, forwards, out); });
    for (std::size_t i = 0; i < out.size(); ++i) {  // answers add to it
      if (const auto* asked = std::get_if<turn::OpenRelay>(&out[i])) {
        const turn::RelayId relay = asked->relay;
        relays.push_back(relay);
        engine_time.time([&] { engine.on_relay_opened(relay, turn::OpenedRelay{relayed, std::nullopt}, now, out); });
      } else if (const auto* sent = std::get_if<turn::SendToClient>(&out[i])) {
        reply = sent->message;
      }
    }
    return reply;
  }

  std::vector<turn::FiveTuple> tuples;
  std::vector<turn::RelayId> relays;
  base::Now now{base::TimePoint(1000s), base::WallTime(1'800'000'000s)};
  base::Endpoint relayed = support::endpoint("203.0.113.10:50000");
  Stopwatch engine_time;  // of what was delivered

 private:
  void learn(support::Client& client) {
    const support::Reply challenge(deliver(client, client.unsigned_request(stun::Method::refresh)));
    client.realm = std::string(challenge.get<stun::Realm>().value().text);
    client.nonce = std::string(challenge.get<stun::Nonce>().value().text);
  }
  turn::EngineParts parts(double challenges_per_ip) {
    auth::Settings credentials;
    credentials.realm = "example.org";
    credentials.users["alice"] = {base::Secret("password"), std::nullopt};
    const auth::Authenticator::Config config{
        .nonce_key = {1}, .nonce_lifetime = 600s, .challenges_per_ip = challenges_per_ip, .limiter_key = {1, 2}};
    turn::PolicySurroundings around;
    around.relays = std::make_shared<turn::RelayPorts>(
        std::vector<turn::RelayAddress>{{relayed.address, relayed.address}}, turn::PortRange{49152, 65535}, nullptr);
    return {.authenticator = {config, auth::CredentialSource::make(credentials, {})},
            .policy = std::make_shared<turn::PeerPolicy>(turn::PeerRules{}, std::move(around), 1),
            .quota = ledger_,
            .reservations = board_,
            .counters = counters_,
            .random = [this](base::MutableBytes out) {
              for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random_());
            }};
  }
  std::mt19937 random_{1};
  support::CountingLedger ledger_;
  support::CountingBoard board_;
  turn::WorkerCounters counters_;

 public:
  turn::Engine engine;
};

// Thirty-two packets in a buffer that is used again, as a listener's is; their clients are chosen uniformly.
class Arrivals {
 public:
  // Of the clients of the relay.
  Arrivals(const Relay& relay, base::ByteView message) : Arrivals(relay.tuples.size(), relay.tuples[0], message) {}
  // Of so many clients, which are strangers: they differ from `like` by their address.
  Arrivals(std::size_t clients, const turn::FiveTuple& like, base::ByteView message) : clients_(clients) {
    batch_.fill({like, {1}, message});
  }
  std::span<const turn::ClientDatagram> next() {
    for (turn::ClientDatagram& each : batch_) each.from.client.address = Relay::client_address(choose());
    return batch_;
  }
  std::uint32_t choose() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>((state_ >> 32) * clients_ >> 32);
  }

 private:
  std::uint64_t clients_;
  std::uint64_t state_ = 88172645463325252ULL;
  std::array<turn::ClientDatagram, kBatch> batch_;
};

}  // namespace turnd::bench
