#include "signaling/config/sections.h"

namespace signaling::config {
namespace {

using namespace std::chrono_literals;
using turnd::config::Problems;

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un

std::uint16_t usual_port(SmtpTls tls) {
  switch (tls) {
    case SmtpTls::none:
      return 25;
    case SmtpTls::starttls:
      return 587;
    case SmtpTls::always:
      return 465;
  }
  return 587;
}

bool is_turn(std::string_view uri) { return uri.starts_with("turn:") || uri.starts_with("turns:"); }
bool is_stun(std::string_view uri) { return uri.starts_with("stun:") || uri.starts_with("stuns:"); }

void read_uris(MapReader& entry, TurnNode& node) {
  for (const Field& item : entry.list("uris")) {
    const std::string uri = item.text();
    if (is_turn(uri) || is_stun(uri))
      node.uris.push_back(uri);
    else
      entry.problems().add(item, "is no STUN or TURN URI",
                           "write one such as turn:turn.example.org:3478?transport=udp");
  }
}

void read_node(const Field& item, Reading& reading, Problems& problems) {
  if (!item.node.IsMap())
    return problems.add(item, "must be a map of keys", "write { uris: [...], secret_file: ..., control: ... }");
  MapReader entry(item.node, item.path, problems);
  TurnNode node;
  read_uris(entry, node);
  read_text(entry, "secret_file", node.secret_file);
  read_text(entry, "control", node.control);
  read_milliseconds(entry, "ttl", 1s, node.ttl);
  entry.finish();
  if (node.control.size() > kLongestSocketPath)
    problems.add(*entry.find("control"), "is longer than 107 bytes", "choose a shorter path");
  bool has_turn = false;
  for (const std::string& uri : node.uris) has_turn = has_turn || is_turn(uri);
  if (has_turn && node.secret_file.empty() && node.control.empty())
    problems.add(
        item, "has no way to credentials",
        "set secret_file to the secret that turnd shares, or control to the socket of a turnd on this machine");
  if (node.uris.empty() && node.control.empty())
    problems.add(item, "names no server", "set uris, or control to the socket of a turnd on this machine");
  reading.config.turn.push_back(std::move(node));
}

void read_webhook(const Field& item, Reading& reading, Problems& problems) {
  if (!item.node.IsMap()) return problems.add(item, "must be a map of keys", "write { url: ..., secret_file: ... }");
  MapReader entry(item.node, item.path, problems);
  Webhook hook;
  read_text(entry, "url", hook.url);
  read_text(entry, "secret_file", hook.secret_file);
  for (const Field& event : entry.list("events")) hook.events.push_back(event.text());
  entry.finish();
  if (!hook.url.starts_with("https://") && !hook.url.starts_with("http://"))
    problems.add(item, "has no URL", "set url to an address such as https://app.example.org/signald");
  if (hook.secret_file.empty())
    problems.add(item, "has no secret", "set secret_file: the receiver knows by it that an event is signald's");
  reading.config.webhooks.push_back(std::move(hook));
}

}  // namespace

void read_auth(MapReader& root, Reading& reading) {
  Auth& into = reading.config.auth;
  MapReader auth = root.map("auth");
  read_choice(auth, "algorithm", kAlgorithms, into.algorithm);
  read_text(auth, "key_file", into.key_file);
  read_text(auth, "previous_key_file", into.previous_key_file);
  read_milliseconds(auth, "access_ttl", 1s, into.access_ttl);
  read_milliseconds(auth, "refresh_ttl", 1s, into.refresh_ttl);
  read_switch(auth, "guests", into.guests);
  read_switch(auth, "signup", into.signup);
  if (into.refresh_ttl < into.access_ttl)
    auth.problems().add(auth.find("refresh_ttl") ? *auth.find("refresh_ttl") : *auth.find("access_ttl"),
                        "auth.refresh_ttl is shorter than auth.access_ttl", "raise refresh_ttl, or lower access_ttl");
  auth.finish();
}

void read_turn(MapReader& root, Reading& reading) {
  for (const Field& item : root.list("turn")) read_node(item, reading, root.problems());
}

void read_webhooks(MapReader& root, Reading& reading) {
  for (const Field& item : root.list("webhooks")) read_webhook(item, reading, root.problems());
}

void read_amqp(MapReader& root, Reading& reading) {
  const auto field = root.find("amqp");
  if (!field) return;
  MapReader amqp = root.map("amqp");
  Amqp into;
  read_text(amqp, "url", into.url);
  read_text(amqp, "password_file", into.password_file);
  read_text(amqp, "ca_file", into.ca_file);
  for (const Field& event : amqp.list("events")) into.events.push_back(event.text());
  amqp.finish();
  if (!field->node.IsMap()) return;
  if (!reading.features.amqp)
    root.problems().add(*field, "this signald was built without librabbitmq",
                        "install librabbitmq-dev and build it again, or use webhooks");
  else if (!parse_amqp_address(into.url))
    root.problems().add_secret(*field, "has no address of a broker",
                               "set url to one such as amqps://signald@broker.example.org/vhost; the password goes "
                               "into password_file");
  else
    reading.config.amqp = std::move(into);
}

void read_smtp(MapReader& root, Reading& reading) {
  const auto field = root.find("smtp");
  if (!field) return;
  MapReader smtp = root.map("smtp");
  Smtp into;
  read_text(smtp, "host", into.host);
  read_choice(smtp, "tls", kSmtpTls, into.tls);
  into.port = usual_port(into.tls);
  if (const auto port = smtp.find("port"))
    if (const auto number = read_integer(*port, {1, 65'535}, smtp.problems()))
      into.port = static_cast<std::uint16_t>(*number);
  read_text(smtp, "user", into.user);
  read_text(smtp, "password_file", into.password_file);
  read_text(smtp, "from", into.from);
  smtp.finish();
  if (!field->node.IsMap()) return;
  if (into.host.empty() || into.from.find('@') == std::string::npos)
    root.problems().add(*field, "needs host and from", "set smtp.host, and smtp.from to the sender's address");
  else if (into.user.empty() != into.password_file.empty())
    root.problems().add(*field, "has one of user and password_file",
                        "set both, or none for a server that asks for none");
  else
    reading.config.smtp = std::move(into);
}

}  // namespace signaling::config
