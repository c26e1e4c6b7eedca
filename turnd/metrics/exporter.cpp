#include "turnd/metrics/exporter.h"

#include <limits>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace turnd::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

ClientMetric::Label label(std::string_view name, std::string_view value) {
  return {std::string(name), std::string(value)};
}

// One family that is filled series by series.
class FamilyBuilder {
 public:
  FamilyBuilder(MetricType type, std::string name, std::string help) {
    family_.type = type;
    family_.name = std::move(name);
    family_.help = std::move(help);
  }

  FamilyBuilder& add(Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (family_.type == MetricType::Counter) metric.counter.value = value;
    if (family_.type == MetricType::Gauge) metric.gauge.value = value;
    family_.metric.push_back(std::move(metric));
    return *this;
  }
  FamilyBuilder& add(Labels labels, std::uint64_t value) { return add(std::move(labels), static_cast<double>(value)); }

  // One series for each value of an enum that counts from 0, labelled with its name.
  template <class Enum, std::size_t Size>
  FamilyBuilder& add_each(std::string_view name, const std::array<std::uint64_t, Size>& values) {
    for (std::size_t i = 0; i < Size; ++i) add({label(name, to_string(static_cast<Enum>(i)))}, values[i]);
    return *this;
  }

  [[nodiscard]] MetricFamily done() { return std::move(family_); }

 private:
  MetricFamily family_;
};

FamilyBuilder counter(std::string name, std::string help) {
  return {MetricType::Counter, std::move(name), std::move(help)};
}
FamilyBuilder gauge(std::string name, std::string help) {
  return {MetricType::Gauge, std::move(name), std::move(help)};
}

MetricFamily allocations(const Totals& totals) {
  FamilyBuilder family = gauge("turnd_allocations",
                               "Live allocations by the client's transport and the relayed address' family; one with "
                               "both families counts in both.");
  for (const base::Transport transport : base::kTransports)
    for (const base::Family relayed : base::kFamilies)
      family.add({label("transport", to_string(transport)), label("family", to_string(relayed))},
                 totals.allocations[static_cast<std::size_t>(transport)][static_cast<std::size_t>(relayed)]);
  return family.done();
}

MetricFamily requests(const Totals& totals) {
  FamilyBuilder family =
      counter("turnd_requests_total", "STUN and TURN requests by method and how they were answered.");
  for (std::size_t method = 0; method < turn::kRequestMethods; ++method)
    for (std::size_t result = 0; result < turn::kRequestResults; ++result)
      family.add({label("method", to_string(static_cast<turn::RequestMethod>(method))),
                  label("result", to_string(static_cast<turn::RequestResult>(result)))},
                 totals.requests[method][result]);
  return family.done();
}

// A request without credentials is challenged, not refused (D30): it is no reason.
MetricFamily auth_refused(const Totals& totals) {
  FamilyBuilder family = counter("turnd_auth_refused_total", "Requests whose credentials were refused, by reason.");
  for (std::size_t i = 0; i < totals.auth_refused.size(); ++i) {
    const auto reason = static_cast<auth::RefusalReason>(i);
    if (reason == auth::RefusalReason::no_credentials) continue;
    family.add({label("reason", to_string(reason))}, totals.auth_refused[i]);
  }
  return family.done();
}

MetricFamily relay_ports(const Snapshot& snapshot) {
  FamilyBuilder family =
      gauge("turnd_relay_ports_free", "Ports of relay.ports that a new allocation can have, by bound relay address.");
  for (const auto& [address, free] : snapshot.relay_ports_free)
    family.add({label("address", address)}, static_cast<double>(free));
  return family.done();
}

MetricFamily tls_handshakes(const Totals& totals) {
  constexpr std::array<std::string_view, 3> kResults{"success", "failed", "timeout"};
  FamilyBuilder family = counter("turnd_tls_handshakes_total", "TLS and DTLS handshakes by how they ended.");
  for (std::size_t i = 0; i < kResults.size(); ++i)
    family.add({label("result", kResults[i])}, totals.tls_handshakes[i]);
  return family.done();
}

MetricFamily session_duration(const Totals& totals) {
  FamilyBuilder family(MetricType::Histogram, "turnd_session_duration_seconds", "How long ended sessions lasted.");
  family.add({}, 0.0);
  MetricFamily done = family.done();
  ClientMetric::Histogram& histogram = done.metric.front().histogram;
  for (std::size_t i = 0; i < totals.duration_buckets.size(); ++i) {
    const bool is_last = i == turn::kDurationBounds.size();
    histogram.sample_count += totals.duration_buckets[i];
    histogram.bucket.push_back(
        {histogram.sample_count, is_last ? std::numeric_limits<double>::infinity() : turn::kDurationBounds[i]});
  }
  histogram.sample_sum = static_cast<double>(totals.duration_milliseconds) / 1000;
  return done;
}

MetricFamily certificate(base::WallTime not_after) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(not_after.time_since_epoch());
  return gauge("turnd_certificate_not_after_seconds", "When the certificate in use expires, as Unix time.")
      .add({}, static_cast<double>(seconds.count()))
      .done();
}

std::vector<MetricFamily> relay_families(const Totals& totals) {
  return {
      allocations(totals),
      counter("turnd_allocations_created_total", "Allocations made since the start.")
          .add({}, totals.allocations_created)
          .done(),
      counter("turnd_allocations_closed_total", "Allocations ended since the start, by reason.")
          .add_each<turn::CloseReason>("reason", totals.allocations_closed)
          .done(),
      counter("turnd_relayed_packets_total", "Packets relayed, by direction.")
          .add_each<turn::Direction>("direction", totals.relayed_packets)
          .done(),
      counter("turnd_relayed_bytes_total",
              "Payload relayed, by direction, without STUN, ChannelData, UDP or IP headers.")
          .add_each<turn::Direction>("direction", totals.relayed_bytes)
          .done(),
      counter("turnd_drops_total", "Packets that went no further, by reason.")
          .add_each<turn::DropReason>("reason", totals.drops)
          .done(),
      requests(totals),
      auth_refused(totals),
      gauge("turnd_clients", "Open connections by transport; for udp, five-tuples with an allocation.")
          .add_each<base::Transport>("transport", totals.clients)
          .done(),
      tls_handshakes(totals),
      counter("turnd_udp_gso_refused_total",
              "Sends of several datagrams as one that a network interface or a route refused: they left one by one.")
          .add({}, totals.udp_gso_refused)
          .done(),
      session_duration(totals),
  };
}

}  // namespace

std::string to_prometheus_text(const Snapshot& snapshot) {
  std::vector<MetricFamily> families = relay_families(snapshot.totals);
  families.push_back(relay_ports(snapshot));
  if (snapshot.certificate_not_after) families.push_back(certificate(*snapshot.certificate_not_after));
  families.push_back(counter("turnd_usage_records_total", "Usage records of ended sessions, by what became of them.")
                         .add({label("result", "stored")}, snapshot.usage_stored)
                         .add({label("result", "lost")}, snapshot.usage_lost)
                         .done());
  families.push_back(counter("turnd_reloads_total", "Reloads of the configuration, by result.")
                         .add({label("result", "applied")}, snapshot.reloads_applied)
                         .add({label("result", "refused")}, snapshot.reloads_refused)
                         .done());
  families.push_back(gauge("turnd_build_info", "Always 1; the version is in the label.")
                         .add({label("version", snapshot.version)}, 1.0)
                         .done());
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace turnd::metrics
