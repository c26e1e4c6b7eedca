#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

using namespace std::chrono_literals;

constexpr DurationBounds kNoUpperBound{0ms, std::chrono::hours(24 * 3650)};
constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un

void read_workers(MapReader& root, Reading& reading) {
  const auto field = root.find("workers");
  if (!field || field->text() == "auto") return;
  if (const auto count = read_integer(*field, {1, 1'024}, root.problems()))
    reading.config.workers = static_cast<std::uint32_t>(*count);
}

void read_control(MapReader& root, Reading& reading) {
  MapReader control = root.map("control");
  read_text(control, "socket", reading.config.control_socket);
  if (reading.config.control_socket.size() > kLongestSocketPath)
    control.problems().add(*control.find("socket"), "is longer than 107 bytes", "choose a shorter path");
  control.finish();
}

void read_metrics(MapReader& root, Reading& reading) {
  MapReader metrics = root.map("metrics");
  const auto field = metrics.find("address");
  metrics.finish();
  if (!field) return;
  const std::string text = field->text();
  const auto endpoint = base::Endpoint::parse(text);
  if (field->is_scalar() && text.empty())
    reading.config.metrics.reset();
  else if (endpoint && endpoint->port != 0)
    reading.config.metrics = endpoint;
  else
    root.problems().add(*field, "is no IP:PORT", "write an address such as 127.0.0.1:9641, or \"\" to switch it off");
}

// Present at other than its default: what the key promises is not there.
void refuse_unless(MapReader& from, std::string_view key, bool is_default) {
  const auto field = from.find(key);
  if (field && !is_default) from.problems().add_at(field->line, field->path, "not in this version", "leave it out");
}

bool is_text(MapReader& from, std::string_view key, std::string_view expected) {
  const auto field = from.find(key);
  return field && field->text() == expected;
}

}  // namespace

void read_tls(MapReader& root, Reading& reading) {
  Tls& into = reading.config.tls;
  MapReader tls = root.map("tls");
  read_text(tls, "certificate", into.certificate);
  read_text(tls, "key", into.key);
  read_text(tls, "ciphers", into.ciphers);
  read_text(tls, "min_version", into.min_version);
  if (into.min_version != "1.2" && into.min_version != "1.3")
    tls.problems().add(*tls.find("min_version"), "is no TLS version of this server", "write \"1.2\" or \"1.3\"");
  if (into.certificate.empty() != into.key.empty()) {
    const auto field = into.certificate.empty() ? tls.find("key") : tls.find("certificate");
    tls.problems().add(*field, "comes without the other", "set tls.certificate and tls.key together");
  }
  tls.finish();
}

void read_operation(MapReader& root, Reading& reading) {
  Config& config = reading.config;
  for (const Field& item : root.list("uris")) {
    const std::string uri = item.text();
    const bool is_known =
        uri.starts_with("stun:") || uri.starts_with("stuns:") || uri.starts_with("turn:") || uri.starts_with("turns:");
    if (is_known)
      config.uris.push_back(uri);
    else
      root.problems().add(item, "is no STUN or TURN URI",
                          "write turn:HOST:PORT?transport=udp, turns:HOST:PORT?transport=tcp, ...");
  }
  read_workers(root, reading);
  read_choice(root, "offload", kOffloads, config.offload);
  read_control(root, reading);
  read_metrics(root, reading);
  MapReader usage = root.map("usage");
  read_duration(usage, "retention", kNoUpperBound, config.usage_retention);
  usage.finish();
  MapReader log = root.map("log");
  read_choice(log, "level", kLogLevels, config.log_level);
  read_choice(log, "format", kLogFormats, config.log_format);
  log.finish();
  read_text(root, "software", config.software);
  if (config.software.size() > 127)
    root.problems().add(*root.find("software"), "is longer than 127 characters", "write a short name");
  read_duration(root, "shutdown_grace", {0ms, 1h}, config.shutdown_grace);
  read_duration(root, "drain_timeout", kNoUpperBound, config.drain_timeout);
}

void read_later_features(MapReader& root, Reading&) {
  refuse_unless(root, "mobility", is_text(root, "mobility", "false"));
  refuse_unless(root, "discovery", is_text(root, "discovery", "false"));
  MapReader redirect = root.map("redirect");
  const auto servers = redirect.find("servers");
  refuse_unless(redirect, "servers", servers && servers->node.IsSequence() && servers->node.size() == 0);
  refuse_unless(redirect, "when", is_text(redirect, "when", "draining"));
  redirect.finish();
}

}  // namespace turnd::config
