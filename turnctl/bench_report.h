// What the measurements of `turnctl bench` have in common: when they are told, and what the server's process cost.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "turnctl/bench/latency_histogram.h"
#include "turnctl/bench/process_cost.h"
#include "turnctl/failure.h"

namespace turnctl {

[[nodiscard]] double seconds(std::chrono::nanoseconds time);
[[nodiscard]] std::string text_of(const char* format, double value);

// {"p50", "p90", "p99", "p999", "max"}, in seconds; and "p50 0.021 ms, ..., max 1.2 ms".
[[nodiscard]] boost::json::object latency_json(const bench::LatencyHistogram& latency);
[[nodiscard]] std::string latency_text(const bench::LatencyHistogram& latency);

// From 100ms to 4m: a permission lasts five minutes and is not refreshed.
[[nodiscard]] Outcome<std::chrono::milliseconds> parse_bench_duration(const std::string& text);

// What the process of --pid has cost so far; nullopt: without one.
[[nodiscard]] Outcome<std::optional<bench::ProcessCost>> cost_so_far(std::optional<std::int64_t> pid);

}  // namespace turnctl
