#include "turnd/metrics/snapshot.h"

#include <cstddef>

namespace turnd::metrics {
namespace {

void add(std::uint64_t& total, const turn::Counter& counter) { total += counter.value(); }

template <class Total, class Counted, std::size_t Size>
void add(std::array<Total, Size>& totals, const std::array<Counted, Size>& counters) {
  for (std::size_t i = 0; i < Size; ++i) add(totals[i], counters[i]);
}

}  // namespace

Totals add_up(std::span<const turn::WorkerCounters* const> workers) {
  Totals totals;
  for (const turn::WorkerCounters* worker : workers) {
    add(totals.requests, worker->requests);
    add(totals.drops, worker->drops);
    add(totals.relayed_packets, worker->relayed_packets);
    add(totals.relayed_bytes, worker->relayed_bytes);
    add(totals.auth_refused, worker->auth_refused);
    add(totals.allocations_created, worker->allocations_created);
    add(totals.allocations_closed, worker->allocations_closed);
    add(totals.sessions, worker->sessions);
    add(totals.allocations, worker->allocations);
    add(totals.clients, worker->clients);
    add(totals.duration_buckets, worker->duration_buckets);
    add(totals.duration_milliseconds, worker->duration_milliseconds);
    add(totals.tls_handshakes, worker->tls_handshakes);
    add(totals.udp_gso_refused, worker->udp_gso_refused);
  }
  return totals;
}

FreePorts free_ports(const turn::RelayPorts& ports) {
  FreePorts free;
  for (const auto& bitmap : ports.bitmaps())
    free.emplace_back(to_string(bitmap->address().bound), bitmap->free_in(ports.range()));
  return free;
}

}  // namespace turnd::metrics
