// Meter: counts units of work and their latency between two moments, and what the server's process spent meanwhile.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>

#include "tests/bench/signald_load/client.h"
#include "turnctl/bench/latency_histogram.h"
#include "turnctl/bench/process_cost.h"

namespace signaling::load {

class Meter {
 public:
  explicit Meter(std::int64_t pid) : pid_(pid) { begin(); }

  void begin();
  void add(Clock::time_point sent) {
    ++units_;
    latency_.add(Clock::now() - sent);
  }
  [[nodiscard]] std::uint64_t units() const { return units_; }
  // Of what was added since begin(): units, per_second, cost_us, p50_us, p99_us, p999_us, resident_bytes.
  [[nodiscard]] boost::json::object figures() const;

 private:
  [[nodiscard]] turnctl::bench::ProcessCost cost() const;
  std::int64_t pid_;
  std::uint64_t units_ = 0;
  turnctl::bench::LatencyHistogram latency_;
  turnctl::bench::ProcessCost at_begin_;
  Clock::time_point began_;
};

}  // namespace signaling::load
