#include "turnd/metrics/exporter.h"

#include <algorithm>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace turnd::metrics {
namespace {

std::vector<std::string> lines_of(const std::string& text, const std::string& prefix) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(prefix)) lines.push_back(line);
  return lines;
}

std::vector<std::string> lines_of(const Snapshot& snapshot, const std::string& prefix) {
  return lines_of(to_prometheus_text(snapshot), prefix);
}

using Lines = std::vector<std::string>;

TEST(Exporter, NamesTheFamiliesAndTheirTypes) {
  Snapshot snapshot;
  snapshot.certificate_not_after = base::WallTime{};
  snapshot.relay_ports_free = {{"192.0.2.1", 5}};

  Lines types = lines_of(snapshot, "# TYPE ");
  std::ranges::sort(types);

  EXPECT_EQ(types, (Lines{"# TYPE turnd_allocations gauge", "# TYPE turnd_allocations_closed_total counter",
                          "# TYPE turnd_allocations_created_total counter", "# TYPE turnd_auth_refused_total counter",
                          "# TYPE turnd_build_info gauge", "# TYPE turnd_certificate_not_after_seconds gauge",
                          "# TYPE turnd_clients gauge", "# TYPE turnd_drops_total counter",
                          "# TYPE turnd_relay_ports_free gauge", "# TYPE turnd_relayed_bytes_total counter",
                          "# TYPE turnd_relayed_packets_total counter", "# TYPE turnd_reloads_total counter",
                          "# TYPE turnd_requests_total counter", "# TYPE turnd_session_duration_seconds histogram",
                          "# TYPE turnd_tls_handshakes_total counter", "# TYPE turnd_udp_gso_refused_total counter",
                          "# TYPE turnd_usage_records_total counter"}));
  EXPECT_EQ(lines_of(snapshot, "# HELP ").size(), types.size());
}

TEST(Exporter, ShowsClosedSetsFromTheStartWithZero_D34) {
  const Snapshot fresh;

  EXPECT_EQ(lines_of(fresh, "turnd_allocations{"), (Lines{R"(turnd_allocations{transport="udp",family="ipv4"} 0)",
                                                          R"(turnd_allocations{transport="udp",family="ipv6"} 0)",
                                                          R"(turnd_allocations{transport="tcp",family="ipv4"} 0)",
                                                          R"(turnd_allocations{transport="tcp",family="ipv6"} 0)",
                                                          R"(turnd_allocations{transport="tls",family="ipv4"} 0)",
                                                          R"(turnd_allocations{transport="tls",family="ipv6"} 0)",
                                                          R"(turnd_allocations{transport="dtls",family="ipv4"} 0)",
                                                          R"(turnd_allocations{transport="dtls",family="ipv6"} 0)"}));
  EXPECT_EQ(lines_of(fresh, "turnd_relayed_bytes_total{"),
            (Lines{R"(turnd_relayed_bytes_total{direction="to_peer"} 0)",
                   R"(turnd_relayed_bytes_total{direction="to_client"} 0)"}));
  EXPECT_EQ(lines_of(fresh, "turnd_allocations_created_total "), (Lines{"turnd_allocations_created_total 0"}));
  EXPECT_EQ(
      lines_of(fresh, "turnd_tls_handshakes_total{"),
      (Lines{R"(turnd_tls_handshakes_total{result="success"} 0)", R"(turnd_tls_handshakes_total{result="failed"} 0)",
             R"(turnd_tls_handshakes_total{result="timeout"} 0)"}));
  EXPECT_EQ(lines_of(fresh, "turnd_drops_total{").size(), turn::kDropReasons);
  EXPECT_EQ(lines_of(fresh, "turnd_allocations_closed_total{").size(), turn::kCloseReasons);
  EXPECT_EQ(lines_of(fresh, "turnd_requests_total{").size(), turn::kRequestMethods * turn::kRequestResults);
  EXPECT_EQ(lines_of(fresh, "turnd_clients{").size(), base::kTransports.size());
  EXPECT_EQ(lines_of(fresh, "turnd_usage_records_total{").size(), 2u);
  EXPECT_EQ(lines_of(fresh, "turnd_reloads_total{").size(), 2u);
  EXPECT_TRUE(lines_of(fresh, "turnd_certificate_not_after_seconds").empty());
}

TEST(Exporter, CountsNoChallengeAsARefusal_D30) {
  const Lines lines = lines_of(Snapshot{}, "turnd_auth_refused_total{");

  EXPECT_EQ(lines.size(), auth::kRefusalReasons - 1);
  for (const std::string& line : lines) EXPECT_EQ(line.find("no_credentials"), std::string::npos) << line;
}

TEST(Exporter, EverySeriesHasItsOwnLabels) {
  Snapshot fresh;
  fresh.version = "1.2.3";
  std::set<std::string> seen;
  for (const std::string& line : lines_of(fresh, "turnd_")) {
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second) << line;
    EXPECT_EQ(line.find("\"\""), std::string::npos) << line;  // an enumerator without a name
  }
}

TEST(Exporter, ShowsTheFiguresOfTheSnapshot) {
  Snapshot snapshot;
  snapshot.totals.relayed_bytes[0] = 12'345'678'901'234;
  snapshot.relay_ports_free = {{"192.0.2.1", 16384}, {"2001:db8::1", 7}};
  snapshot.certificate_not_after = base::WallTime(std::chrono::seconds(1'800'000'000));
  snapshot.usage_lost = 3;
  snapshot.reloads_refused = 2;
  snapshot.version = "1.2.3";

  const std::string text = to_prometheus_text(snapshot);

  EXPECT_EQ(lines_of(text, "turnd_relayed_bytes_total{direction=\"to_peer\"}"),
            (Lines{R"(turnd_relayed_bytes_total{direction="to_peer"} 12345678901234)"}));
  EXPECT_EQ(lines_of(text, "turnd_relay_ports_free{"), (Lines{R"(turnd_relay_ports_free{address="192.0.2.1"} 16384)",
                                                              R"(turnd_relay_ports_free{address="2001:db8::1"} 7)"}));
  EXPECT_EQ(lines_of(text, "turnd_certificate_not_after_seconds "),
            (Lines{"turnd_certificate_not_after_seconds 1800000000"}));
  EXPECT_EQ(lines_of(text, "turnd_usage_records_total{result=\"lost\"}"),
            (Lines{R"(turnd_usage_records_total{result="lost"} 3)"}));
  EXPECT_EQ(lines_of(text, "turnd_reloads_total{result=\"refused\"}"),
            (Lines{R"(turnd_reloads_total{result="refused"} 2)"}));
  EXPECT_EQ(lines_of(text, "turnd_build_info{"), (Lines{R"(turnd_build_info{version="1.2.3"} 1)"}));
}

TEST(Exporter, AccumulatesTheHistogram) {
  Snapshot snapshot;
  snapshot.totals.duration_buckets[0] = 2;
  snapshot.totals.duration_buckets[3] = 1;
  snapshot.totals.duration_buckets.back() = 4;
  snapshot.totals.duration_milliseconds = 90'500;

  const std::string text = to_prometheus_text(snapshot);

  EXPECT_EQ(
      lines_of(text, "turnd_session_duration_seconds_"),
      (Lines{"turnd_session_duration_seconds_count 7", "turnd_session_duration_seconds_sum 90.5",
             R"(turnd_session_duration_seconds_bucket{le="1"} 2)", R"(turnd_session_duration_seconds_bucket{le="5"} 2)",
             R"(turnd_session_duration_seconds_bucket{le="15"} 2)",
             R"(turnd_session_duration_seconds_bucket{le="60"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="300"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="900"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="3600"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="14400"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="86400"} 3)",
             R"(turnd_session_duration_seconds_bucket{le="+Inf"} 7)"}));
}

TEST(Snapshot, AddsUpTheWorkers) {
  const auto first = std::make_unique<turn::WorkerCounters>();
  const auto second = std::make_unique<turn::WorkerCounters>();
  first->drop(turn::DropReason::bandwidth, 2);
  second->drop(turn::DropReason::bandwidth, 3);
  first->allocations[0][1].add(4);
  second->duration_milliseconds.add(5);
  second->clients[3].add(6);
  const std::vector<const turn::WorkerCounters*> workers{first.get(), second.get()};

  const Totals totals = add_up(workers);

  EXPECT_EQ(totals.drops[static_cast<std::size_t>(turn::DropReason::bandwidth)], 5u);
  EXPECT_EQ(totals.allocations[0][1], 4u);
  EXPECT_EQ(totals.duration_milliseconds, 5u);
  EXPECT_EQ(totals.clients[3], 6u);
}

}  // namespace
}  // namespace turnd::metrics
