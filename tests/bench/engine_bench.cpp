// The engine alone, without sockets: what a packet costs between its arrival and its departure. What control costs is
// in engine_bench_control.cpp.
//
//   build/release/bin/engine_bench --benchmark_filter=Channel
//
// items_per_second is messages a second on one core. Expiry, policy and counters are on, as in production.
#include <benchmark/benchmark.h>

#include "tests/bench/engine_bench_heap.h"
#include "tests/bench/engine_bench_relay.h"

namespace turnd::turn {
namespace {

using bench::Arrivals;
using bench::kBatch;
using bench::kChannel;
using bench::Relay;
using support::Client;

constexpr std::string_view kPayload = "0123456789012345678901234567890123456789";

// Relaying allocates nothing, or the benchmark fails.
void report(benchmark::State& state, std::uint64_t allocated_before) {
  const std::uint64_t allocated = bench::heap().allocations - allocated_before;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kBatch));
  if (allocated != 0) state.SkipWithError("the data path allocated memory");
}

void to_peer(benchmark::State& state, Relay& relay, base::ByteView message) {
  Arrivals arrivals(relay, message);
  PeerForwards forwards;
  EffectList out;
  forwards.reserve(kBatch);
  const std::uint64_t before = bench::heap().allocations;
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
  const std::uint64_t before = bench::heap().allocations;
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

}  // namespace
}  // namespace turnd::turn

BENCHMARK_MAIN();
