// /api/turn and /turn/credentials: what clients and people see of the TURN nodes (signaling.md 2.2, 2.11 T1-T7).
#include "signaling/api/chat_routes.h"
#include "signaling/protocol/time_text.h"
#include "signaling/turn/relay_user.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/random.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using protocol::time_text;

// turnd counts allocations by user, so nobody shares his name with somebody else.
std::string nameless() {
  std::array<std::uint8_t, 6> random{};
  turnd::crypto::system_random(random);
  return "anonymous-" + turnd::base::to_hex(random);
}

std::string user_of(const service::Identity& who) {
  if (who.is_account()) return turn::account_user(who.user_id);
  return who.is_guest() && !who.name.empty() ? turn::guest_user(who.name) : nameless();
}

void config(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  if (auto refused = throttle(parts.credentials, *call)) return call->reply(std::move(*refused));
  parts.pool.ice_servers(user_of(call->who()), call->around().wall_clock(), [call](const turn::IceServers& ice) {
    json::object body = turn::config_json(ice);
    body["expiresAt"] = ice.expires ? json::value(time_text(*ice.expires)) : json::value(nullptr);
    call->reply(ok(std::move(body)));
  });
}

// For other servers, which ask on behalf of their users (T3).
void credentials(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  if (!call->who().has_scope("turn")) return call->reply(failure(ErrorCode::forbidden, "The key has no scope turn"));
  const auto service = call->query("service");
  if (service && *service != "turn") return call->reply(protocol::bad_field("service", "must be turn"));
  std::string user = call->query("username").value_or("");
  if (user.empty()) user = call->who().name;
  if (user.size() > 200) return call->reply(protocol::bad_field("username", "must have at most 200 bytes"));
  parts.pool.ice_servers(std::move(user), call->around().wall_clock(), [call](const turn::IceServers& ice) {
    if (ice.servers.empty()) return call->reply(failure(ErrorCode::unavailable, "No TURN server can be used now"));
    call->reply(ok(turn::credentials_json(ice)));
  });
}

void stats(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  parts.pool.stats([call](const turn::PoolStats& stats) {
    json::object body = turn::to_json(stats);
    body["startTime"] = nullptr;
    if (stats.uptime.count() > 0) body["startTime"] = time_text(call->around().wall_clock() - stats.uptime);
    call->reply(ok(std::move(body)));
  });
}

void health(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  const turn::PoolHealth health = parts.pool.health();
  const bool is_healthy = health.usable > 0;
  call->reply(Reply{
      .status = is_healthy ? 200U : 503U,
      .body = json::object{{"status", is_healthy ? "healthy" : "unhealthy"},
                           {"services", json::object{{"stun", health.stun}, {"turn", health.turn}, {"api", true}}}}});
}

// Milliseconds since it was made.
std::int64_t age_of(const turn::NodeSession& session, WallTime now) {
  const auto created = protocol::parse_time(session.created);
  if (!created || *created > now) return 0;
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - *created).count();
}

json::object traffic_json(const turn::NodeTraffic& traffic) {
  return {{"packets", traffic.packets}, {"bytes", traffic.bytes}, {"bytesPerSecond", traffic.bytes_per_second}};
}

json::object session_json(const turn::NodeSession& session, WallTime now) {
  return {{"sessionId", session.id},
          {"username", session.username},
          {"origin", session.client},
          {"realm", session.realm},
          {"transport", session.transport},
          {"relayed", json::array(session.relayed.begin(), session.relayed.end())},
          {"duration", age_of(session, now)},
          {"created", session.created},
          {"expires", session.expires},
          {"toPeer", traffic_json(session.to_peer)},
          {"toClient", traffic_json(session.to_client)}};
}

void sessions(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  parts.pool.sessions([call](const std::vector<turn::NodeSession>& sessions) {
    json::array items;
    for (const turn::NodeSession& session : sessions)
      items.push_back(session_json(session, call->around().wall_clock()));
    json::object body{{"count", items.size()}};
    body["sessions"] = std::move(items);
    call->reply(ok(std::move(body)));
  });
}

json::object node_json(const turn::NodeView& node) {
  json::object object{{"state", turn::to_string(node.state)},
                      {"uris", json::array(node.uris.begin(), node.uris.end())}};
  if (!node.status) return object;
  object["version"] = node.status->version;
  object["uptimeMs"] = node.status->uptime.count();
  object["sessions"] = node.status->allocations;
  object["clients"] = node.status->clients;
  object["relayedBytes"] = node.status->relayed_bytes;
  return object;
}

void nodes(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  parts.pool.view([call](const turn::PoolView& view) {
    json::array items;
    for (const turn::NodeView& node : view.nodes) items.push_back(node_json(node));
    json::array samples;
    for (const turn::TrafficSample& sample : view.traffic)
      samples.push_back(json::object{{"bytesPerSecond", sample.bytes_per_second}, {"sessions", sample.sessions}});
    call->reply(ok(json::object{
        {"nodes", std::move(items)},
        {"traffic", json::object{{"intervalMs", view.interval.count()}, {"samples", std::move(samples)}}}}));
  });
}

void test_event(const TurnParts& parts, const std::shared_ptr<Call>& call) {
  const WallTime now = call->around().wall_clock();
  parts.tell({{service::Level::info, "stun-turn-service", "turn_connection", call->who().username, {{"test", true}}}},
             now);
  call->reply(ok(json::object{{"message", "Test event published"}, {"timestamp", time_text(now)}}));
}

}  // namespace

void add_turn_routes(Router& router, const TurnParts& parts) {
  const auto directly = [parts](auto handler) {
    return [parts, handler](const std::shared_ptr<Call>& call) { handler(parts, call); };
  };
  router.direct(Method::get, "/api/turn/config", Access::guest, directly(config));
  router.direct(Method::get, "/api/turn/stats", Access::guest, directly(stats));
  router.direct(Method::get, "/api/turn/health", Access::guest, directly(health));
  router.direct(Method::get, "/api/turn/sessions", Access::admin, directly(sessions));
  router.direct(Method::get, "/api/turn/nodes", Access::admin, directly(nodes));
  router.direct(Method::post, "/api/turn/test-event", Access::admin, directly(test_event));
  router.direct(Method::get, "/turn/credentials", Access::key, directly(credentials));
}

}  // namespace signaling::api
