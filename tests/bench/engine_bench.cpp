// The engine alone, without sockets: what a packet costs between its arrival and its departure.
//
//   build/release/bin/engine_bench --benchmark_filter=Channel
//
// items_per_second is messages a second on one core. Expiry, policy and counters are on, as in production.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/reply.h"
#include "tests/support/surroundings.h"
#include "turnd/turn/engine.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// Out of line: inlined, they look to the compiler like a mismatch with the `new` that it knows.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using support::Client;

constexpr std::size_t kBatch = 32;
constexpr std::string_view kPayload = "0123456789012345678901234567890123456789";
constexpr std::uint16_t kChannel = 0x4000;

Settings without_quota() {
  Settings settings;
  settings.limits.allocations_per_user = 0;
  settings.limits.allocations_per_ip = 0;
  return settings;
}

// An engine with `count` allocations, each with a channel and a permission to a peer of its own.
class Relay {
 public:
  explicit Relay(std::size_t count) : ledger_(without_quota().limits), engine(without_quota(), parts()) {
    for (std::uint32_t i = 0; i < count; ++i) {
      Client client = client_number(i);
      allocate(client);
      request(client, stun::Method::channel_bind, [&](stun::MessageBuilder& message) {
        message.add(stun::ChannelNumber{{kChannel}}).add(stun::XorPeerAddress{peer_number(i)});
      });
      tuples.push_back(client.tuple);
    }
  }
  static base::Endpoint peer_number(std::uint32_t i) {
    const auto octet = [&](int shift) { return static_cast<std::uint8_t>(i >> shift & 0xFF); };
    return {base::IpAddress::v4({9, octet(16), octet(8), octet(0)}), 7000};
  }
  static Client client_number(std::uint32_t i) {
    Client client{"alice", "password", {{{}, 40000}, support::endpoint("203.0.113.10:3478"), base::Transport::udp}};
    client.tuple.client.address = client_address(i);
    return client;
  }
  static base::IpAddress client_address(std::uint32_t i) {
    const auto octet = [&](int shift) { return static_cast<std::uint8_t>(i >> shift & 0xFF); };
    return base::IpAddress::v4({10, octet(16), octet(8), octet(0)});
  }
  base::Bytes allocate_request(Client& client) {
    learn(client);
    return client.signed_request(stun::Method::allocate, [](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
    });
  }
  void allocate(Client& client) { deliver(client, allocate_request(client)); }
  void request(Client& client, stun::Method method, const support::Attributes& attributes) {
    if (!support::Reply(deliver(client, client.signed_request(method, attributes))).succeeded())
      throw std::runtime_error("a request was refused");
  }
  // Does what the engine asks for; the last reply.
  base::Bytes deliver(const Client& client, const base::Bytes& bytes) {
    const ClientDatagram datagram{client.tuple, client.via, bytes};
    PeerForwards forwards;
    EffectList out;
    engine.on_client_batch({&datagram, 1}, now, forwards, out);
    base::Bytes reply;
    for (std::size_t i = 0; i < out.size(); ++i) {  // answers add to it
      if (const auto* asked = std::get_if<OpenRelay>(&out[i])) {
        const RelayId relay = asked->relay;
        relays.push_back(relay);
        engine.on_relay_opened(relay, OpenedRelay{relayed, std::nullopt}, now, out);
      } else if (const auto* sent = std::get_if<SendToClient>(&out[i])) {
        reply = sent->message;
      }
    }
    return reply;
  }

  std::vector<FiveTuple> tuples;
  std::vector<RelayId> relays;
  base::Now now{base::TimePoint(1000s), base::WallTime(1'800'000'000s)};
  base::Endpoint relayed = support::endpoint("203.0.113.10:50000");

 private:
  void learn(Client& client) {
    const support::Reply challenge(deliver(client, client.unsigned_request(stun::Method::refresh)));
    client.realm = std::string(challenge.get<stun::Realm>().value().text);
    client.nonce = std::string(challenge.get<stun::Nonce>().value().text);
  }
  EngineParts parts() {
    auth::Settings credentials;
    credentials.realm = "example.org";
    credentials.users["alice"] = {base::Secret("password"), std::nullopt};
    const auth::Authenticator::Config config{
        .nonce_key = {1}, .nonce_lifetime = 600s, .challenges_per_ip = 0, .limiter_key = {1, 2}};
    PolicySurroundings around;
    around.relays = std::make_shared<RelayPorts>(std::vector<RelayAddress>{{relayed.address, relayed.address}},
                                                 PortRange{49152, 65535}, nullptr);
    return {.authenticator = {config, auth::CredentialSource::make(credentials, {})},
            .policy = std::make_shared<PeerPolicy>(PeerRules{}, std::move(around), 1),
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
  WorkerCounters counters_;

 public:
  Engine engine;
};

// Thirty-two packets in a buffer that is used again, as a listener's is; clients are chosen uniformly.
class Arrivals {
 public:
  Arrivals(const Relay& relay, base::ByteView message) : clients_(relay.tuples.size()) {
    batch_.fill({relay.tuples[0], {1}, message});
  }
  std::span<const ClientDatagram> next() {
    for (ClientDatagram& each : batch_) each.from.client.address = Relay::client_address(choose());
    return batch_;
  }
  std::uint32_t choose() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>((state_ >> 32) * clients_ >> 32);
  }

 private:
  std::uint64_t clients_;
  std::uint64_t state_ = 88172645463325252ULL;
  std::array<ClientDatagram, kBatch> batch_;
};

// Relaying allocates nothing, or the benchmark fails.
void report(benchmark::State& state, std::uint64_t allocated_before) {
  const std::uint64_t allocated = allocations.load() - allocated_before;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kBatch));
  if (allocated != 0) state.SkipWithError("the data path allocated memory");
}

void to_peer(benchmark::State& state, Relay& relay, base::ByteView message) {
  Arrivals arrivals(relay, message);
  PeerForwards forwards;
  EffectList out;
  forwards.reserve(kBatch);
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    relay.engine.on_client_batch(arrivals.next(), relay.now, forwards, out);
    if (forwards.items().size() != kBatch) state.SkipWithError("a packet was dropped");
    benchmark::DoNotOptimize(forwards.items().data());
    forwards.clear();
  }
  report(state, before);
}

void ChannelDataToPeer(benchmark::State& state) {
  Relay relay(static_cast<std::size_t>(state.range(0)));
  to_peer(state, relay, Client::channel_data(kChannel, kPayload));
}
BENCHMARK(ChannelDataToPeer)->Arg(1)->Arg(1'000)->Arg(100'000);

// Thirty-two datagrams wait on each relay socket in turn; relays are chosen uniformly.
void from_peer(benchmark::State& state, std::uint16_t peer_port) {
  Relay relay(static_cast<std::size_t>(state.range(0)));
  Arrivals arrivals(relay, {});
  ClientForwards forwards;
  forwards.reserve(kBatch);
  std::array<PeerDatagram, kBatch> batch;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    const std::uint32_t chosen = arrivals.choose();
    batch.fill({{Relay::peer_number(chosen).address, peer_port}, base::as_bytes(kPayload)});
    relay.engine.on_peer_batch(relay.relays[chosen], batch, relay.now, forwards);
    if (forwards.items().size() != kBatch) state.SkipWithError("a packet was dropped");
    benchmark::DoNotOptimize(forwards.items().data());
    forwards.clear();
  }
  report(state, before);
}
void ChannelDataToClient(benchmark::State& state) { from_peer(state, 7000); }
BENCHMARK(ChannelDataToClient)->Arg(1)->Arg(1'000)->Arg(100'000);

void DataIndication(benchmark::State& state) { from_peer(state, 7001); }
BENCHMARK(DataIndication)->Arg(1'000);

void SendIndication(benchmark::State& state) {
  Relay relay(1);
  Client client = Relay::client_number(0);
  to_peer(state, relay, client.send_indication(Relay::peer_number(0), kPayload));
}
BENCHMARK(SendIndication);

void Binding(benchmark::State& state) {
  Relay relay(0);
  Client client = Relay::client_number(0);
  const base::Bytes request = client.unsigned_request(stun::Method::binding);
  const ClientDatagram datagram{client.tuple, client.via, request};
  PeerForwards forwards;
  EffectList out;
  for (auto _ : state) {
    relay.engine.on_client_batch({&datagram, 1}, relay.now, forwards, out);
    benchmark::DoNotOptimize(out.data());
    out.clear();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(Binding);

// One cycle: Allocate and Refresh with lifetime 0, both signed, checked and answered signed.
void AllocateAndRefresh(benchmark::State& state) {
  Relay relay(static_cast<std::size_t>(state.range(0)));
  Client client = Relay::client_number(0xFFFFFF);
  const base::Bytes allocate = relay.allocate_request(client);
  const base::Bytes refresh = client.signed_request(
      stun::Method::refresh, [](stun::MessageBuilder& message) { message.add(stun::Lifetime{0s}); });
  for (auto _ : state) {
    benchmark::DoNotOptimize(relay.deliver(client, allocate));
    benchmark::DoNotOptimize(relay.deliver(client, refresh));
    relay.relays.pop_back();
  }
  if (relay.engine.session_count() != static_cast<std::size_t>(state.range(0))) state.SkipWithError("refused");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(AllocateAndRefresh)->Arg(0)->Arg(10'000);

}  // namespace
}  // namespace turnd::turn

BENCHMARK_MAIN();
