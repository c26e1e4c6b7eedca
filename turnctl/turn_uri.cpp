#include "turnctl/turn_uri.h"

#include <charconv>

namespace turnctl {
namespace {

using turnd::base::Transport;

struct Scheme {
  std::string_view name;
  bool relays;
  bool secure;
};
constexpr Scheme kSchemes[] = {
    {"stun:", false, false}, {"stuns:", false, true}, {"turn:", true, false}, {"turns:", true, true}};

std::optional<Transport> choose_transport(std::string_view query, const Scheme& scheme) {
  if (query.empty()) return scheme.secure ? Transport::tls : Transport::udp;
  if (query == "transport=udp") return scheme.secure ? Transport::dtls : Transport::udp;
  if (query == "transport=tcp") return scheme.secure ? Transport::tls : Transport::tcp;
  return std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// "host", "host:port", "[ipv6]", "[ipv6]:port"
bool split_authority(std::string_view text, TurnUri& into) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    into.host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
  } else {
    const std::size_t colon = text.find(':');
    into.host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (into.host.empty()) return false;
  if (rest.empty()) return true;
  const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return false;
  into.port = *port;
  return true;
}

}  // namespace

std::optional<TurnUri> parse_turn_uri(std::string_view text) {
  for (const Scheme& scheme : kSchemes) {
    if (!text.starts_with(scheme.name)) continue;
    const std::string_view after = text.substr(scheme.name.size());
    const std::size_t question = after.find('?');
    const std::string_view query = question == std::string_view::npos ? std::string_view{} : after.substr(question + 1);
    if (question != std::string_view::npos && query.empty()) return std::nullopt;
    const auto transport = choose_transport(query, scheme);
    TurnUri uri;
    uri.port = scheme.secure ? 5349 : 3478;
    uri.relays = scheme.relays;
    if (!transport || !split_authority(after.substr(0, question), uri)) return std::nullopt;
    uri.transport = *transport;
    return uri;
  }
  return std::nullopt;
}

}  // namespace turnctl
