// What requests cost the engine alone, the end of very many allocations, and floods of strangers.
#include <benchmark/benchmark.h>

#include "tests/bench/engine_bench_heap.h"
#include "tests/bench/engine_bench_relay.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using bench::Arrivals;
using bench::kBatch;
using bench::Relay;
using support::Client;

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

// A ChannelBind of an allocation that has so many channels already, to as many peers.
void ChannelBind(benchmark::State& state) {
  Settings settings = bench::without_quota();
  settings.limits.channels = settings.limits.permissions = 8192;  // limits hold, and are not reached
  Relay relay(0, settings);
  Client client = Relay::client_number(0);
  relay.allocate(client);
  const auto channels = static_cast<std::uint16_t>(state.range(0));
  for (std::uint16_t i = 0; i < channels; ++i)
    relay.bind(client, static_cast<std::uint16_t>(bench::kChannel + i), Relay::peer_number(i));
  const std::uint16_t last = channels - 1;
  const base::Bytes again =
      Relay::bind_request(client, static_cast<std::uint16_t>(bench::kChannel + last), Relay::peer_number(last));
  for (auto _ : state) benchmark::DoNotOptimize(relay.deliver(client, again));
  if (!support::Reply(relay.deliver(client, again)).succeeded()) state.SkipWithError("refused");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(ChannelBind)->Arg(1)->Arg(64)->Arg(3'072);

// Closing a socket costs 2.5 us and forgetting its allocation less than as much: no pause of more than 50 ms.
static_assert(kExpiriesPerTurn <= 10'000);

// So many allocations with a channel each are set up, relay a packet each way and come to their end in the same moment.
// The longest call of the engine is the longest pause that it makes in relaying for others; where sockets stand behind
// the relays, closing those of one call comes on top. What bounds it on any machine is the work of a call.
void LifeOfAllocations(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  bench::Stopwatch set_up, relaying, end;
  std::size_t turns = 0;
  std::size_t most_ended = 0;
  for (auto _ : state) {
    Relay relay(count);
    set_up = relay.engine_time;
    relaying = {};
    std::size_t relayed = 0;
    PeerForwards up;
    ClientForwards down;
    EffectList out;
    const base::Bytes message = Client::channel_data(bench::kChannel, "payload");
    for (std::uint32_t i = 0; i < count; ++i) {
      const ClientDatagram from_client{relay.tuples[i], {1}, message};
      const PeerDatagram from_peer{Relay::peer_number(i), base::as_bytes("payload")};
      relaying.time([&] {
        relay.engine.on_client_batch({&from_client, 1}, relay.now, up, out);
        relay.engine.on_peer_batch(relay.relays[i], {&from_peer, 1}, relay.now, down);
      });
      relayed += up.items().size() + down.items().size();
      up.clear();
      down.clear();
    }
    if (relayed != 2 * count) state.SkipWithError("a packet was dropped");

    relay.now.monotonic += 601s;
    end = {};
    for (turns = 0; relay.engine.next_deadline().value_or(base::TimePoint::max()) <= relay.now.monotonic; ++turns) {
      const std::size_t before = relay.engine.session_count();
      end.time([&] { relay.engine.on_time(relay.now, out); });
      most_ended = std::max(most_ended, before - relay.engine.session_count());
      out.clear();
    }
    if (relay.engine.session_count() != 0) state.SkipWithError("an allocation outlived its end");
    state.SetIterationTime(set_up.total + relaying.total + end.total);
  }
  if (most_ended > kExpiriesPerTurn) state.SkipWithError("more ended in a turn than may");
  if (turns != (count + kExpiriesPerTurn - 1) / kExpiriesPerTurn) state.SkipWithError("turns without an end");
  state.counters["set_up_s"] = set_up.total;
  state.counters["relay_s"] = relaying.total;
  state.counters["end_s"] = end.total;
  state.counters["turns"] = static_cast<double>(turns);
  state.counters["longest_set_up_ms"] = set_up.longest * 1e3;
  state.counters["longest_turn_ms"] = end.longest * 1e3;
}
BENCHMARK(LifeOfAllocations)->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// What strangers send, each packet from one of so many addresses. Nothing may be kept of it, or the benchmark fails.
void flood(benchmark::State& state, Relay& relay, base::ByteView message) {
  Arrivals arrivals(static_cast<std::size_t>(state.range(0)), Relay::client_number(0).tuple, message);
  PeerForwards forwards;
  EffectList out;
  relay.engine.on_client_batch(arrivals.next(), relay.now, forwards, out);
  out.clear();
  out.reserve(kBatch * 2);
  const std::int64_t before = bench::heap().held;
  std::uint64_t replies = 0;
  for (auto _ : state) {
    relay.now.monotonic += 10us;  // about as long as it takes
    relay.engine.on_client_batch(arrivals.next(), relay.now, forwards, out);
    for (const Effect& each : out) replies += std::holds_alternative<SendToClient>(each) ? 1U : 0U;
    benchmark::DoNotOptimize(out.data());
    out.clear();
  }
  if (bench::heap().held != before || relay.engine.session_count() != 0) state.SkipWithError("something was kept");
  if (!forwards.items().empty()) state.SkipWithError("something was relayed");
  const double packets = static_cast<double>(state.iterations()) * kBatch;
  state.SetItemsProcessed(static_cast<std::int64_t>(packets));
  state.counters["answered"] = static_cast<double>(replies) / packets;
}

// Of the configuration's default.
constexpr double kChallengesPerIp = 50;
constexpr std::int64_t kOneAddress = 1;
constexpr std::int64_t kVeryManyAddresses = 1 << 24;

void GarbageFlood(benchmark::State& state) {
  Relay relay(0);
  const base::Bytes noise(100, 0xA5);
  flood(state, relay, noise);
}
BENCHMARK(GarbageFlood)->Arg(kVeryManyAddresses);

// It begins like a request, and is none.
void MalformedFlood(benchmark::State& state) {
  Relay relay(0);
  base::Bytes message = Relay::client_number(0).signed_request(stun::Method::allocate);
  message[message.size() - 22] ^= 0x40;  // the length of the last attribute
  flood(state, relay, message);
}
BENCHMARK(MalformedFlood)->Arg(kVeryManyAddresses);

void ChannelDataFlood(benchmark::State& state) {
  Relay relay(0);
  flood(state, relay, Client::channel_data(bench::kChannel, "payload"));
}
BENCHMARK(ChannelDataFlood)->Arg(kVeryManyAddresses);

// A storm of 401: Allocates without credentials. One address is answered so often and no more; each of very many is.
void UnsignedAllocateFlood(benchmark::State& state) {
  Relay relay(0, bench::without_quota(), kChallengesPerIp);
  Client client = Relay::client_number(0);
  const base::Bytes request = client.unsigned_request(stun::Method::allocate, [](stun::MessageBuilder& message) {
    message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
  });
  flood(state, relay, request);
}
BENCHMARK(UnsignedAllocateFlood)->Arg(kOneAddress)->Arg(kVeryManyAddresses);

// A valid Allocate that was overheard and is sent again from other addresses: its nonce is none of theirs.
void SpoofedAllocateFlood(benchmark::State& state) {
  Relay relay(0, bench::without_quota(), kChallengesPerIp);
  Client client = Relay::client_number(0xFFFFFF);
  client.tuple.client.port = 40001;
  flood(state, relay, relay.allocate_request(client));
}
BENCHMARK(SpoofedAllocateFlood)->Arg(kOneAddress)->Arg(kVeryManyAddresses);

}  // namespace
}  // namespace turnd::turn
