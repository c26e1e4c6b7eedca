#include "signaling/turn/node_status.h"

#include <charconv>
#include <cmath>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace signaling::turn {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

std::uint64_t count_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const auto count = value->to_number<std::uint64_t>(error);
  return error ? 0 : count;
}

double number_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<double>(error);
  constexpr double kLargest = 1e12;  // also refuses what is no number
  return !error && number >= 0 && number < kLargest ? number : 0;
}

std::chrono::milliseconds seconds_of(const json::object& object, std::string_view key) {
  return std::chrono::milliseconds(std::llround(number_of(object, key) * 1000));
}

NodeTraffic traffic_of(const json::object& session, std::string_view direction) {
  const json::value* traffic = session.if_contains("traffic");
  if (traffic == nullptr || !traffic->is_object()) return {};
  const json::value* found = traffic->get_object().if_contains({direction.data(), direction.size()});
  if (found == nullptr || !found->is_object()) return {};
  const json::object& one = found->get_object();
  return {count_of(one, "packets"), count_of(one, "bytes"), number_of(one, "bytes_per_second")};
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& item : value->get_array())
    if (item.is_string()) texts.emplace_back(item.get_string());
  return texts;
}

std::uint64_t clients_of(const json::object& status) {
  std::uint64_t clients = 0;
  const json::value* listeners = status.if_contains("listeners");
  if (listeners == nullptr || !listeners->is_array()) return 0;
  for (const json::value& listener : listeners->get_array())
    if (listener.is_object()) clients += count_of(listener.get_object(), "clients");
  return clients;
}

// Counters are whole, but the text format may write them with an exponent.
std::uint64_t sample_of(std::string_view line) {
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos) return 0;
  double value = 0;
  const char* const end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data() + space + 1, end, value);
  constexpr double kLargest = 1e18;
  return error == std::errc{} && value >= 0 && value < kLargest ? static_cast<std::uint64_t>(value) : 0;
}

void count_line(std::string_view line, NodeCounters& counters) {
  if (line.starts_with("turnd_allocations_created_total")) counters.allocations_created += sample_of(line);
  if (!line.starts_with("turnd_requests_total{")) return;
  const bool is_binding = line.find("method=\"binding\"") != std::string_view::npos;
  (is_binding ? counters.stun_requests : counters.turn_requests) += sample_of(line);
  // The first request of every client is challenged: no error.
  const bool is_wanted = line.find("result=\"success\"") != std::string_view::npos ||
                         line.find("result=\"unauthenticated\"") != std::string_view::npos ||
                         line.find("result=\"stale_nonce\"") != std::string_view::npos;
  if (!is_wanted) counters.errors += sample_of(line);
}

NodeSession session_of(const json::object& item) {
  return {.id = text_of(item, "id"),
          .username = text_of(item, "user"),
          .realm = text_of(item, "realm"),
          .client = text_of(item, "client"),
          .transport = text_of(item, "transport"),
          .relayed = texts_of(item, "relayed"),
          .created = text_of(item, "created"),
          .expires = text_of(item, "expires"),
          .to_peer = traffic_of(item, "to_peer"),
          .to_client = traffic_of(item, "to_client")};
}

}  // namespace

std::optional<NodeStatus> parse_node_status(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const json::value* totals = object->if_contains("totals");
  const json::value* draining = object->if_contains("draining");
  if (totals == nullptr || !totals->is_object() || draining == nullptr || !draining->is_bool()) return std::nullopt;
  NodeStatus status;
  status.version = text_of(*object, "version");
  status.draining = draining->get_bool();
  status.allocations = count_of(totals->get_object(), "allocations");
  status.relayed_bytes = count_of(totals->get_object(), "relayed_bytes");
  status.clients = clients_of(*object);
  status.uptime = seconds_of(*object, "uptime");
  status.uris = texts_of(*object, "uris");
  return status;
}

NodeCounters parse_node_counters(std::string_view body) {
  NodeCounters counters;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    count_line(body.substr(0, end), counters);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return counters;
}

std::optional<NodeSessions> parse_node_sessions(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  const json::value* items = object->if_contains("items");
  if (items == nullptr || !items->is_array()) return std::nullopt;
  NodeSessions sessions;
  for (const json::value& item : items->get_array()) {
    if (!item.is_object()) return std::nullopt;
    sessions.items.push_back(session_of(item.get_object()));
  }
  if (const std::string next = text_of(*object, "next"); !next.empty()) sessions.next = next;
  return sessions;
}

std::optional<NodeCredential> parse_node_credential(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::nullopt;
  NodeCredential credential{text_of(*object, "username"), text_of(*object, "password"), texts_of(*object, "uris")};
  if (credential.username.empty() || credential.password.empty()) return std::nullopt;
  return credential;
}

}  // namespace signaling::turn
