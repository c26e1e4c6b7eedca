#include "turnd/control/responses.h"

#include <cmath>

#include "turnd/base/time_text.h"

namespace turnd::control {
namespace {

namespace json = boost::json;

// Whole numbers without an exponent: Boost.JSON writes the double 50 as 5E1.
json::value number_json(double value) {
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53
  if (value == std::floor(value) && std::abs(value) < kExact) return static_cast<std::int64_t>(value);
  return value;
}

// A rate to one decimal: more would be noise.
json::value rate_json(double per_second) { return number_json(std::round(per_second * 10) / 10); }

json::object traffic_json(const LiveTraffic& traffic) {
  return {{"packets", traffic.packets},
          {"bytes", traffic.bytes},
          {"packets_per_second", rate_json(traffic.packets_per_second)},
          {"bytes_per_second", rate_json(traffic.bytes_per_second)}};
}

json::object traffic_json(const Traffic& traffic) { return {{"packets", traffic.packets}, {"bytes", traffic.bytes}}; }

template <class Named>
json::object named_json(const Named& items) {
  json::object object;
  for (const auto& [name, value] : items) object[name] = value;
  return object;
}

json::array endpoints_json(const std::vector<base::Endpoint>& endpoints) {
  json::array array;
  for (const base::Endpoint& endpoint : endpoints) array.emplace_back(to_string(endpoint));
  return array;
}

json::array texts_json(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::array permissions_json(const Session& session) {
  json::array array;
  for (const Session::Permission& permission : session.permissions)
    array.push_back(
        json::object{{"address", to_string(permission.address)}, {"expires", time_json(permission.expires)}});
  return array;
}

json::array channels_json(const Session& session) {
  json::array array;
  for (const Session::Channel& channel : session.channels)
    array.push_back(json::object{
        {"number", channel.number}, {"peer", to_string(channel.peer)}, {"expires", time_json(channel.expires)}});
  return array;
}

json::array listeners_json(const Status& status) {
  json::array array;
  for (const Status::Listener& listener : status.listeners) {
    json::object object{{"uri", listener.uri}, {"receive_buffer", nullptr}, {"clients", listener.clients}};
    if (listener.receive_buffer) object["receive_buffer"] = *listener.receive_buffer;
    array.push_back(std::move(object));
  }
  return array;
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

}  // namespace

json::value time_json(const std::optional<base::WallTime>& time) {
  if (!time) return nullptr;
  return json::value(base::time_text(*time));
}

json::value seconds_json(base::Duration duration) {
  const auto milliseconds = std::chrono::round<std::chrono::milliseconds>(duration);
  return number_json(static_cast<double>(milliseconds.count()) / 1000);
}

json::object to_json(const Session& session) {
  return {{"id", session.id},
          {"user", session.user},
          {"realm", session.realm},
          {"transport", to_string(session.transport)},
          {"client", to_string(session.client)},
          {"server", to_string(session.server)},
          {"relayed", endpoints_json(session.relayed)},
          {"permissions", permissions_json(session)},
          {"channels", channels_json(session)},
          {"traffic",
           json::object{{"to_peer", traffic_json(session.to_peer)}, {"to_client", traffic_json(session.to_client)}}},
          {"drops", named_json(session.drops)},
          {"created", time_json(session.created)},
          {"expires", time_json(session.expires)}};
}

json::object to_json(const Usage& usage) {
  return {
      {"id", usage.id},
      {"user", usage.user},
      {"realm", usage.realm},
      {"transport", usage.transport},
      {"client", usage.client},
      {"relayed", texts_json(usage.relayed)},
      {"started", time_json(usage.started)},
      {"ended", time_json(usage.ended)},
      {"duration", seconds_json(usage.duration)},
      {"reason", usage.reason},
      {"traffic", json::object{{"to_peer", traffic_json(usage.to_peer)}, {"to_client", traffic_json(usage.to_client)}}},
      {"drops", named_json(usage.drops)}};
}

json::object to_json(const Status& status) {
  return {{"version", status.version},
          {"pid", status.pid},
          {"started", time_json(status.started)},
          {"uptime", seconds_json(status.uptime)},
          {"workers", status.workers},
          {"realm", status.realm},
          {"ready", status.ready},
          {"draining", status.draining},
          {"listeners", listeners_json(status)},
          {"relay_addresses", texts_json(status.relay_addresses)},
          {"uris", texts_json(status.uris)},
          {"totals", json::object{{"allocations", status.totals.allocations},
                                  {"relayed_packets", status.totals.relayed_packets},
                                  {"relayed_bytes", status.totals.relayed_bytes},
                                  {"drops", status.totals.drops},
                                  {"udp_gso_refused", status.totals.udp_gso_refused}}},
          {"kernel", named_json(status.kernel)},
          {"offload", json::object{{"mode", status.offload.mode},
                                   {"xdp_mode", text_or_null(status.offload.xdp_mode)},
                                   {"why", text_or_null(status.offload.why)},
                                   {"interfaces", texts_json(status.offload.interfaces)},
                                   {"channels", status.offload.channels}}},
          {"usage", json::object{{"queued", status.usage.queued}, {"lost", status.usage.lost}}}};
}

json::array to_json(const std::vector<Change>& changes) {
  json::array array;
  for (const Change& change : changes)
    array.push_back(
        json::object{{"key", change.key}, {"from", change.from}, {"to", change.to}, {"effect", change.effect}});
  return array;
}

json::object to_json(const Reload& reload) {
  return {{"dry_run", reload.dry_run},
          {"applied", reload.applied},
          {"changes", to_json(reload.changes)},
          {"warnings", texts_json(reload.warnings)}};
}

json::array to_json(const std::vector<ConfigurationError>& errors) {
  json::array array;
  for (const ConfigurationError& error : errors) {
    json::object object{{"line", nullptr},
                        {"key", error.key},
                        {"value", error.value},
                        {"problem", error.problem},
                        {"remedy", error.remedy}};
    if (error.line) object["line"] = *error.line;
    array.push_back(std::move(object));
  }
  return array;
}

json::object to_json(const Drain& drain) {
  return {{"draining", drain.draining},
          {"since", time_json(drain.since)},
          {"deadline", time_json(drain.deadline)},
          {"sessions", drain.sessions}};
}

json::object to_json(const Credential& credential) {
  return {{"username", credential.username},
          {"password", credential.password},
          {"ttl", credential.ttl.count()},
          {"expires", time_json(credential.expires)},
          {"secret_id", credential.secret_id},
          {"uris", texts_json(credential.uris)},
          {"ice_server", json::object{{"urls", texts_json(credential.uris)},
                                      {"username", credential.username},
                                      {"credential", credential.password}}}};
}

json::object to_json(const SharedSecret& secret) {
  json::object object{{"id", secret.id},
                      {"source", secret.source},
                      {"created", time_json(secret.created)},
                      {"signing", secret.signing}};
  if (secret.value) object["value"] = *secret.value;
  return object;
}

json::object to_json(const User& user) {
  json::object object{
      {"name", user.name}, {"source", user.source}, {"created", time_json(user.created)}, {"sessions", user.sessions}};
  if (user.password) object["password"] = *user.password;
  return object;
}

json::object to_json(const PolicyAnswer& answer) {
  json::object rule{{"source", answer.source}, {"match", nullptr}};
  if (answer.match) rule["match"] = *answer.match;
  return {{"address", answer.address}, {"decision", answer.allowed ? "allow" : "deny"}, {"rule", std::move(rule)}};
}

json::object list_json(json::array items, const std::optional<std::string>& next) {
  json::object list{{"items", std::move(items)}, {"next", nullptr}};
  if (next) list["next"] = *next;
  return list;
}

json::object closed_json(std::size_t sessions) { return {{"closed", sessions}}; }

}  // namespace turnd::control
