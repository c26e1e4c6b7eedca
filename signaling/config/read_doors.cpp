#include <optional>

#include "signaling/config/sections.h"

namespace signaling::config {
namespace {

using turnd::base::AddressRange;
using turnd::base::Endpoint;

// IP:PORT; the name localhost stands for 127.0.0.1.
std::optional<Endpoint> parse_endpoint(std::string text) {
  constexpr std::string_view kLocalhost = "localhost:";
  if (text.starts_with(kLocalhost)) text.replace(0, kLocalhost.size(), "127.0.0.1:");
  return Endpoint::parse(text);
}

std::optional<Listen> parse_listen(std::string_view text) {
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(tls ? 8 : 7);
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto endpoint = parse_endpoint(std::string(text));
  return endpoint ? std::optional(Listen{tls, *endpoint}) : std::nullopt;
}

// "https://host" or "https://host:port": what a browser sends as Origin.
bool is_origin(std::string_view text) {
  if (text.starts_with("https://"))
    text.remove_prefix(8);
  else if (text.starts_with("http://"))
    text.remove_prefix(7);
  else
    return false;
  return !text.empty() && text.find_first_of("/?#@ \t\"'<>\\,;") == std::string_view::npos;
}

void read_listen(MapReader& root, Reading& reading) {
  for (const Field& item : root.list("listen")) {
    const auto listen = parse_listen(item.text());
    if (!listen) {
      root.problems().add(item, "is no address to listen on",
                          "write http://IP:PORT or https://IP:PORT, such as http://127.0.0.1:8080");
      continue;
    }
    bool is_new = listen->endpoint.port == 0;
    if (!is_new) {
      is_new = true;
      for (const Listen& other : reading.config.listen) is_new = is_new && other.endpoint != listen->endpoint;
    }
    if (is_new)
      reading.config.listen.push_back(*listen);
    else
      root.problems().add(item, "stands here for the second time", "take one of the two out");
  }
}

void read_tls(MapReader& root, Reading& reading) {
  Tls& into = reading.config.tls;
  MapReader tls = root.map("tls");
  read_text(tls, "certificate", into.certificate);
  read_text(tls, "key", into.key);
  if (into.certificate.empty() != into.key.empty()) {
    const auto field = into.certificate.empty() ? tls.find("key") : tls.find("certificate");
    tls.problems().add(*field, "comes without the other", "set tls.certificate and tls.key together");
  }
  tls.finish();
}

void read_public_url(MapReader& root, Reading& reading) {
  const auto field = root.find("public_url");
  if (!field) return;
  std::string text = field->text();
  while (text.ends_with('/')) text.pop_back();
  if (is_origin(text))
    reading.config.public_url = std::move(text);
  else
    root.problems().add(*field, "is no address of a server",
                        "write what browsers open, without a path, such as https://meet.example.org");
}

void read_origins(MapReader& root, Reading& reading) {
  for (const Field& item : root.list("origins")) {
    std::string text = item.text();
    while (text.ends_with('/')) text.pop_back();
    if (text == "*") reading.warnings.push_back("origins: \"*\" lets every web page on the internet use this server");
    if (text == "*" || is_origin(text))
      reading.config.origins.push_back(std::move(text));
    else
      root.problems().add(item, "is no origin", "write scheme and host, such as https://app.example.org");
  }
}

void read_proxies(MapReader& root, Reading& reading) {
  for (const Field& item : root.list("trusted_proxies")) {
    if (const auto range = AddressRange::parse(item.text()))
      reading.config.trusted_proxies.push_back(*range);
    else
      root.problems().add(item, "is no address and no network", "write an address, or a network such as 10.0.0.0/8");
  }
}

void read_metrics(MapReader& root, Reading& reading) {
  MapReader metrics = root.map("metrics");
  const auto field = metrics.find("address");
  metrics.finish();
  if (!field || (field->is_scalar() && field->text().empty())) return;
  const auto endpoint = parse_endpoint(field->text());
  if (endpoint)
    reading.config.metrics = endpoint;
  else
    root.problems().add(*field, "is no IP:PORT",
                        "write an address such as 127.0.0.1:9642, or leave it out to serve /metrics on every listener");
}

}  // namespace

void read_doors(MapReader& root, Reading& reading) {
  read_listen(root, reading);
  read_tls(root, reading);
  read_public_url(root, reading);
  read_origins(root, reading);
  read_proxies(root, reading);
  read_metrics(root, reading);
}

}  // namespace signaling::config
