#include "tests/bench/signald_load/meter.h"

#include <stdexcept>

namespace signaling::load {
namespace {

double microseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::micro>(time).count(); }

}  // namespace

turnctl::bench::ProcessCost Meter::cost() const {
  if (pid_ == 0) return {};
  const auto cost = turnctl::bench::cost_of(pid_);
  if (!cost) throw std::runtime_error("there is no process " + std::to_string(pid_));
  return *cost;
}

void Meter::begin() {
  units_ = 0;
  latency_ = {};
  at_begin_ = cost();
  began_ = Clock::now();
}

boost::json::object Meter::figures() const {
  const auto spent = cost();
  const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
  const auto units = static_cast<double>(units_);
  boost::json::object figures{{"units", units_},
                              {"per_second", units / seconds},
                              {"p50_us", microseconds(latency_.percentile(0.5))},
                              {"p99_us", microseconds(latency_.percentile(0.99))},
                              {"p999_us", microseconds(latency_.percentile(0.999))},
                              {"resident_bytes", spent.resident}};
  if (units_ != 0) figures["cost_us"] = microseconds(spent.cpu - at_begin_.cpu) / units;
  return figures;
}

}  // namespace signaling::load
