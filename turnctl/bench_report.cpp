#include "turnctl/bench_report.h"

#include <array>
#include <cstdio>

#include "turnd/control/time_text.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto kLongest = 4min;

struct Percentile {
  const char* name;
  double share;
};
constexpr std::array kPercentiles{Percentile{"p50", 0.5}, Percentile{"p90", 0.9}, Percentile{"p99", 0.99},
                                  Percentile{"p999", 0.999}};

std::string human_latency(std::chrono::nanoseconds time) { return text_of("%.3f ms", seconds(time) * 1000); }

}  // namespace

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string text_of(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

json::object latency_json(const bench::LatencyHistogram& latency) {
  json::object object;
  for (const Percentile& each : kPercentiles) object[each.name] = seconds(latency.percentile(each.share));
  object["max"] = seconds(latency.max());
  return object;
}

std::string latency_text(const bench::LatencyHistogram& latency) {
  std::string text;
  for (const Percentile& each : kPercentiles)
    text += std::string(each.name) + " " + human_latency(latency.percentile(each.share)) + ", ";
  return text + "max " + human_latency(latency.max());
}

Outcome<std::chrono::milliseconds> parse_bench_duration(const std::string& text) {
  const auto duration = turnd::control::parse_duration(text);
  if (!duration || *duration < 100ms || *duration > kLongest)
    return Failure{"\"" + text + "\" is no duration from 100ms to 4m", "write --duration 10s"};
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

Outcome<std::optional<bench::ProcessCost>> cost_so_far(std::optional<std::int64_t> pid) {
  if (!pid) return std::optional<bench::ProcessCost>{};
  const auto cost = bench::cost_of(*pid);
  if (!cost)
    return Failure{"there is no process " + std::to_string(*pid) + " here", "give --pid the server's process id"};
  return cost;
}

}  // namespace turnctl
