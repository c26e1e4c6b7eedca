#include <utility>

#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/engine_server_session.h"

namespace signaling::socketio {
namespace {

using namespace std::chrono_literals;

net::Response make_response(unsigned status, std::string body) {
  net::Response response;
  response.status = status;
  const bool is_error = status >= 400;
  response.fields.emplace_back("Content-Type", is_error ? "application/json" : "text/plain; charset=UTF-8");
  response.fields.emplace_back("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

net::Response make_preflight_response(const net::Request& request) {
  net::Response response;
  response.status = 204;
  response.fields.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  if (const auto headers = request.fields.find("Access-Control-Request-Headers"); !headers.empty())
    response.fields.emplace_back("Access-Control-Allow-Headers", headers);
  return response;
}

std::string refusal_json(std::string_view message) {
  std::string json = R"({"message":")";
  json += message;
  return json + "\"}";
}

Handshake handshake_of(const net::Request& request) {
  return {request.client, std::string(request.fields.find("Authorization"))};
}

}  // namespace

// One WebSocket: of a new session, or the second transport of one.
class EngineServer::Socket : public net::SocketEvents {
 public:
  Socket(EngineServer& server, Handshake handshake, AddressLimit::Place place)
      : server_(server),
        handshake_(std::move(handshake)),
        place_(std::move(place)),
        transport_(server.next_transport()) {}
  Socket(EngineServer& server, SessionId session)
      : server_(server), session_(session), transport_(server.next_transport()) {}

  void on_open(const std::shared_ptr<net::WebSocket>& socket) override {
    const bool is_new = place_.has_value();
    if (is_new) session_ = server_.make_session(std::move(handshake_), std::move(*place_)).id;
    place_.reset();
    Session* session = server_.find(session_);
    if (!session) return socket->close(net::close_code::kNormal, "");
    session->sockets.emplace_back(transport_, socket);
    server_.take(session_, [&](EngineSession& engine, EngineEffects& out) {
      is_new ? engine.open_by_websocket(transport_, out)
             : engine.on_second_websocket(transport_, server_.loop_.now(), out);
    });
  }
  void on_text(std::string_view text) override {
    if (server_.pass_on(session_, transport_, text)) return;
    server_.take(session_, [&](EngineSession& engine, EngineEffects& out) {
      engine.on_text(transport_, text, server_.loop_.now(), out);
    });
  }
  void on_binary(std::string_view bytes) override {
    server_.take(session_,
                 [&](EngineSession& engine, EngineEffects& out) { engine.on_binary(transport_, bytes, out); });
  }
  void on_close(const net::SocketEnd&) override {
    if (Session* session = server_.find(session_)) session->remove(transport_);
    // It may come from within a call of the application, which then hears of it later.
    server_.feed(session_,
                 [&](EngineSession& engine, EngineEffects& out) { engine.on_websocket_closed(transport_, out); });
  }

 private:
  EngineServer& server_;
  Handshake handshake_;
  std::optional<AddressLimit::Place> place_;  // until a new session has it
  SessionId session_;
  TransportId transport_;
};

// A POST is in flight from its head on, and a session has one at a time.
net::BodyPlan EngineServer::plan_body(const net::Request& head) {
  net::BodyPlan plan{.max_bytes = door_.settings.max_payload};
  if (head.method != net::Method::post) return plan;
  const std::string_view sid = parse_engine_query(head.query()).sid;
  Session* session = sid.empty() ? nullptr : find(sid);
  if (!session) return plan;
  if (!session->post_in_flight.expired()) {
    take(session->id, [](EngineSession& engine, EngineEffects& out) { engine.on_overlap(out); });
    return plan;
  }
  plan.kept = std::make_shared<bool>(true);
  session->post_in_flight = plan.kept;
  return plan;
}

net::Response EngineServer::refuse(const net::Refusal& refusal, const net::Request& head) {
  net::Response response = make_response(refusal.status, refusal_json(refusal.why));
  const std::string_view origin = head.fields.find("Origin");
  if (!origin.empty() && door_.allows_origin(head)) allow_origin(response, origin);
  return response;
}

void EngineServer::handle(net::Request request, std::shared_ptr<net::Exchange> exchange) {
  const std::string_view origin = request.fields.find("Origin");
  if (request.fields.count("Origin") != 0 && !door_.allows_origin(request))
    return exchange->answer(make_response(403, to_json(EngineFault::forbidden)));
  if (request.method == net::Method::options) {
    net::Response response = make_preflight_response(request);
    allow_origin(response, origin);
    return exchange->answer(std::move(response));
  }
  const EngineQuery query = parse_engine_query(request.query());
  Session* session = query.sid.empty() ? nullptr : find(query.sid);
  if (session) feed(session->id, [](EngineSession&, EngineEffects&) {});  // it may have ended by now
  const bool is_known = session && !session->engine.is_finished();
  const SidState state = !is_known                      ? SidState::unknown
                         : session->engine.is_polling() ? SidState::polling
                                                        : SidState::websocket;
  EngineDecision decision = decide(request.method, query, net::is_websocket_attempt(request), state);
  if (net::is_websocket_attempt(request) && !decision.fault && !net::upgrade_fault(request).empty())
    decision.fault = EngineFault::bad_request;
  if (!decision.fault) return carry_out(decision.action, session, request, exchange);
  net::Response response = make_response(400, to_json(*decision.fault));
  allow_origin(response, origin);
  exchange->answer(std::move(response));
}

void EngineServer::carry_out(EngineAction action, Session* session, const net::Request& request,
                             const std::shared_ptr<net::Exchange>& exchange) {
  switch (action) {
    case EngineAction::open_polling:
      return open_by_polling(request, exchange);
    case EngineAction::open_websocket:
      return open_by_websocket(request, *exchange);
    case EngineAction::second_websocket:
      return upgrade(*exchange, std::make_unique<Socket>(*this, session->id));
    case EngineAction::poll: {
      const RequestId id = remember(session->id, request, exchange);
      return take(session->id, [&](EngineSession& engine, EngineEffects& out) { engine.on_poll(id, out); });
    }
    case EngineAction::post: {
      const RequestId id = remember(session->id, request, exchange);
      return take(session->id, [&](EngineSession& engine, EngineEffects& out) {
        engine.on_post(id, request.fields.find("Content-Type"), request.body, loop_.now(), out);
      });
    }
  }
}

void EngineServer::open_by_polling(const net::Request& request, const std::shared_ptr<net::Exchange>& exchange) {
  auto place = addresses_.take(request.client);
  if (!place) return exchange->answer(make_response(429, refusal_json("Too many connections")));
  Session& session = make_session(handshake_of(request), std::move(*place));
  const RequestId id = remember(session.id, request, exchange);
  take(session.id, [&](EngineSession& engine, EngineEffects& out) { engine.open_by_polling(id, out); });
}

void EngineServer::open_by_websocket(const net::Request& request, net::Exchange& exchange) {
  auto place = addresses_.take(request.client);
  if (!place) return exchange.answer(make_response(429, refusal_json("Too many connections")));
  upgrade(exchange, std::make_unique<Socket>(*this, handshake_of(request), std::move(*place)));
}

void EngineServer::upgrade(net::Exchange& exchange, std::unique_ptr<Socket> socket) const {
  net::Upgrade upgrade;
  upgrade.max_message = door_.settings.max_payload;
  upgrade.binary = true;
  upgrade.max_queue_bytes = door_.settings.max_queue;
  upgrade.ping_interval = 0ms;  // Engine.IO has pings of its own
  exchange.upgrade(std::move(upgrade), std::move(socket));
}

void EngineServer::allow_origin(net::Response& response, std::string_view origin) const {
  if (origin.empty() || !door_.names_origin) return;
  response.fields.emplace_back("Access-Control-Allow-Origin", origin);
  response.fields.emplace_back("Access-Control-Allow-Credentials", "true");
  response.fields.emplace_back("Vary", "Origin");
}

// The exchange waits here for reply().
RequestId EngineServer::remember(SessionId session, const net::Request& request,
                                 const std::shared_ptr<net::Exchange>& exchange) {
  const RequestId id{++last_id_};
  pending_.emplace(id, Pending{exchange, std::string(request.fields.find("Origin"))});
  exchange->on_gone([this, id, session] {
    if (pending_.erase(id) == 0) return;
    take(session, [id](EngineSession& engine, EngineEffects& out) { engine.on_poll_gone(id, out); });
  });
  return id;
}

void EngineServer::reply(RequestId to, unsigned status, std::string body) {
  const auto pending = pending_.find(to);
  if (pending == pending_.end()) return;
  const Pending replied = std::move(pending->second);
  pending_.erase(pending);
  net::Response response = make_response(status, std::move(body));
  allow_origin(response, replied.origin);
  replied.exchange->answer(std::move(response));
}

}  // namespace signaling::socketio
