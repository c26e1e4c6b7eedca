#include "signaling/gateway/ws_endpoint.h"

#include <utility>

#include "signaling/gateway/ws_session.h"
#include "signaling/protocol/json_writer.h"
#include "signaling/service/rate_limits.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::failure;

constexpr std::string_view kProtocol = "signald.v1";

std::string cookie(const net::Request& request, std::string_view name) {
  std::string_view rest = request.fields.find("Cookie");
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::string_view trimmed = pair.substr(std::min(pair.size(), pair.find_first_not_of(' ')));
    if (trimmed.starts_with(name) && trimmed.substr(name.size()).starts_with('='))
      return std::string(trimmed.substr(name.size() + 1));
  }
  return {};
}

// RFC 9110 s11.1: the scheme is known in any case of its letters. Empty: it is another one, or nothing follows.
std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    if ((authorization[i] | 0x20) != (scheme[i] | 0x20)) return {};
  }
  return authorization.substr(scheme.size());
}

// A token has no character that a query would have to escape.
std::string query_token(std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.starts_with("token=")) return std::string(pair.substr(6));
  }
  return {};
}

net::SharedText slow_farewell() {
  return net::share(R"({"type":"bye","code":4500,"reason":"slow_consumer","reconnect":true})");
}

}  // namespace

net::BodyPlan WsEndpoint::plan_body(const net::Request&) { return {}; }

net::Response WsEndpoint::refuse(const net::Refusal& refusal, const net::Request& head) {
  net::Response response =
      error_response(failure(ErrorCode::bad_request, std::string(refusal.why)), head.fields.find("X-Request-Id"));
  response.status = refusal.status;
  response.close = true;
  return response;
}

void WsEndpoint::handle(net::Request request, std::shared_ptr<net::Exchange> exchange) {
  const auto refuse_it = [&](const protocol::Failure& why) {
    exchange->answer(error_response(why, request.fields.find("X-Request-Id")));
  };
  if (const auto why = fault(request)) return refuse_it(*why);
  const auto shown = this->shown(request);
  if (!shown) return refuse_it(shown.error());
  auto place = parts_.addresses.take(request.client);
  if (!place) return refuse_it(protocol::rate_limited(std::chrono::seconds(1)));
  if (shown->token.empty()) return open(request, *exchange, std::move(*place), std::nullopt);
  // The request is kept until it is known whose token it is.
  struct Kept {
    net::Request request;
    socketio::AddressLimit::Place place;
  };
  auto kept = std::make_shared<Kept>(Kept{std::move(request), std::move(*place)});
  parts_.authenticate(
      shown->token, [this, kept, exchange, must_hold = shown->must_hold](protocol::Outcome<room::Person> who) {
        const net::Request& asked = kept->request;
        if (!who && must_hold) return exchange->answer(error_response(who.error(), asked.fields.find("X-Request-Id")));
        open(asked, *exchange, std::move(kept->place), who ? std::optional(std::move(*who)) : std::nullopt);
      });
}

std::optional<protocol::Failure> WsEndpoint::fault(const net::Request& request) const {
  if (!net::is_websocket_attempt(request)) return failure(ErrorCode::bad_request, "This is for WebSockets");
  if (const std::string_view why = net::upgrade_fault(request); !why.empty())
    return failure(ErrorCode::bad_request, std::string(why));
  if (parts_.judge_origin(request) == Origin::foreign)
    return failure(ErrorCode::forbidden, "This origin is not allowed");
  // G10: with none offered the same protocol is spoken.
  if (net::offers_any_protocol(request) && !net::offers_protocol(request, kProtocol))
    return failure(ErrorCode::unsupported, "The subprotocol is signald.v1");
  return std::nullopt;
}

// A cookie says who it is only to the server's own pages (S6).
protocol::Outcome<WsEndpoint::Shown> WsEndpoint::shown(const net::Request& request) const {
  if (const std::string_view authorization = request.fields.find("Authorization"); !authorization.empty()) {
    const std::string_view token = bearer_token(authorization);
    if (token.empty()) return failure(ErrorCode::unauthenticated);
    return Shown{std::string(token), true};
  }
  if (settings_.query_token) {
    if (std::string token = query_token(request.query()); !token.empty()) return Shown{std::move(token), true};
  }
  if (parts_.judge_origin(request) == Origin::own) return Shown{cookie(request, "access"), false};
  return Shown{};
}

void WsEndpoint::open(const net::Request& request, net::Exchange& exchange, socketio::AddressLimit::Place place,
                      std::optional<room::Person> person) {
  if (person && settings_.sockets_per_user > 0 &&
      parts_.host.hub().connections_of(person->id) >= settings_.sockets_per_user)
    return exchange.answer(
        error_response(protocol::rate_limited(std::chrono::seconds(1)), request.fields.find("X-Request-Id")));
  room::Opening opening;
  opening.address = service::address_key(request.client);
  opening.person = std::move(person);
  exchange.upgrade(upgrade(request),
                   std::make_unique<WsSession>(parts_.host, parts_.meter, std::move(opening), std::move(place)));
}

net::Upgrade WsEndpoint::upgrade(const net::Request& request) const {
  static const net::SharedText farewell = slow_farewell();
  net::Upgrade upgrade;
  if (net::offers_protocol(request, kProtocol)) upgrade.protocol = kProtocol;
  upgrade.max_message = settings_.max_message;
  upgrade.max_queue_bytes = settings_.max_queue_bytes;
  upgrade.max_queue_time = settings_.max_queue_time;
  upgrade.ping_interval = settings_.ping_interval;
  upgrade.ping_timeout = settings_.ping_timeout;
  upgrade.slow_farewell = farewell;
  return upgrade;
}

net::Response error_response(const protocol::Failure& failure, std::string_view request_id) {
  net::Response response;
  response.status = static_cast<unsigned>(http_status(failure.code));
  std::string body;
  protocol::JsonWriter json(body);
  json.begin_object().boolean("success", false).text("error", failure.message).text("message", failure.message);
  json.text("code", to_string(failure.code)).integer("statusCode", http_status(failure.code));
  json.key("errors").begin_object().end_object().key("details").begin_object().end_object();
  json.text("requestId", request_id).end_object();
  response.body = std::move(body);
  response.fields.emplace_back("Content-Type", "application/json");
  if (failure.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*failure.retry_after);
    response.fields.emplace_back("Retry-After", std::to_string(seconds.count()));
  }
  return response;
}

}  // namespace signaling::gateway
