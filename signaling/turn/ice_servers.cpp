#include "signaling/turn/ice_servers.h"

#include <algorithm>

namespace signaling::turn {
namespace {

namespace json = boost::json;

bool has_scheme(std::string_view uri, std::string_view scheme) {
  if (uri.size() <= scheme.size()) return false;
  return std::ranges::equal(uri.substr(0, scheme.size()), scheme, {},
                            [](char each) { return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each; });
}

bool has_url(const IceServers& ice, std::string_view url) {
  return std::ranges::any_of(ice.servers, [&](const IceServer& server) { return server.url == url; });
}

const IceServer* first_turn(const IceServers& ice) {
  const auto found = std::ranges::find_if(ice.servers, [](const IceServer& server) { return is_turn_uri(server.url); });
  return found == ice.servers.end() ? nullptr : &*found;
}

const IceServer* first_stun(const IceServers& ice) {
  const auto found = std::ranges::find_if(ice.servers, [](const IceServer& server) { return is_stun_uri(server.url); });
  return found == ice.servers.end() ? nullptr : &*found;
}

bool ends_before(const NodeOffer& offer, const IceServers& ice) {
  return offer.expires && (!ice.expires || *offer.expires < *ice.expires);
}

json::object to_json(const IceServer& server) {
  json::object object{{"urls", server.url}};
  if (server.username.empty()) return object;
  object["username"] = server.username;
  object["credential"] = server.credential;
  object["credentialType"] = "password";
  return object;
}

}  // namespace

bool is_stun_uri(std::string_view uri) { return has_scheme(uri, "stun:") || has_scheme(uri, "stuns:"); }
bool is_turn_uri(std::string_view uri) { return has_scheme(uri, "turn:") || has_scheme(uri, "turns:"); }

IceServers assemble(const std::vector<NodeOffer>& offers) {
  IceServers ice;
  for (const NodeOffer& offer : offers)
    for (const std::string& uri : offer.uris)
      if (is_stun_uri(uri) && !has_url(ice, uri)) ice.servers.push_back({uri, {}, {}});
  for (const NodeOffer& offer : offers) {
    for (const std::string& uri : offer.uris)
      if (is_turn_uri(uri) && !has_url(ice, uri)) ice.servers.push_back({uri, offer.username, offer.password});
    if (&offer == &offers.front() || ends_before(offer, ice)) {
      ice.ttl = offer.ttl;
      ice.expires = offer.expires;
    }
  }
  return ice;
}

json::array ice_servers_json(const IceServers& ice) {
  json::array array;
  for (const IceServer& server : ice.servers) array.push_back(to_json(server));
  return array;
}

json::array fallback_json(const IceServers& ice) {
  if (ice.has_own_stun) return {};
  return {json::object{{"urls", "stun:stun.l.google.com:19302"}}};
}

json::object config_json(const IceServers& ice) {
  json::object object{
      {"iceServers", ice_servers_json(ice)},      {"ttl", ice.ttl.count()}, {"iceTransportPolicy", "all"},
      {"fallbackIceServers", fallback_json(ice)}, {"stunServer", nullptr},  {"turnServer", nullptr}};
  if (const IceServer* stun = first_stun(ice)) object["stunServer"] = stun->url;
  if (const IceServer* turn = first_turn(ice)) object["turnServer"] = to_json(*turn);
  return object;
}

json::object credentials_json(const IceServers& ice) {
  const IceServer* const turn = first_turn(ice);
  json::array uris;
  if (turn != nullptr)
    for (const IceServer& server : ice.servers)
      if (server.username == turn->username && server.credential == turn->credential) uris.emplace_back(server.url);
  return {{"username", turn == nullptr ? "" : turn->username},
          {"password", turn == nullptr ? "" : turn->credential},
          {"ttl", ice.ttl.count()},
          {"uris", std::move(uris)}};
}

}  // namespace signaling::turn
