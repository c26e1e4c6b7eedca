// EngineServer: Engine.IO behind an HTTP server, its sessions and their timers.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "signaling/net/exchange.h"
#include "signaling/net/loop.h"
#include "signaling/socketio/address_limit.h"
#include "signaling/socketio/engine_query.h"
#include "signaling/socketio/engine_session.h"
#include "signaling/socketio/handshake.h"
#include "turnd/base/random_source.h"

namespace signaling::socketio {

// Never used again.
using SessionId = turnd::base::Strong<struct EngineSessionTag, std::uint64_t>;

// What speaks over the sessions. Called on the loop's thread; every call of EngineServer is allowed in it.
class EngineApplication {
 public:
  virtual ~EngineApplication() = default;
  virtual void on_open(SessionId session, const Handshake& handshake) = 0;
  virtual void on_message(SessionId session, std::string_view data, bool is_binary) = 0;
  virtual void on_alive(SessionId) {}
  // The last call for it. Not called from within a call of EngineServer.
  virtual void on_end(SessionId session, EndReason reason) = 0;
};

struct EngineDoor {
  EngineSettings settings;
  // A session takes a place of its address, whatever its transports; null: any number. Outlives the server.
  AddressLimit* addresses = nullptr;
  // Whether a page of this request's Origin may read the answers. Asked only when it names one.
  std::function<bool(const net::Request&)> allows_origin;
  // Whether the answers say so. False where something in front gives every answer its Access-Control fields.
  bool names_origin = true;
};

// On the loop's thread. It outlives the loop's run and the server's connections, and `application` outlives it.
class EngineServer : public net::HttpHandler {
 public:
  EngineServer(net::Loop& loop, EngineDoor door, turnd::base::RandomSource random, EngineApplication& application);
  ~EngineServer() override;

  net::BodyPlan plan_body(const net::Request& head) override;
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override;
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override;

  // For a session that has ended they do nothing. A polling client gets what is sent to it in one turn together.
  void send(SessionId to, EngineFrame frame);
  void check_alive(SessionId session, std::chrono::milliseconds within);
  void close(SessionId session);
  [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

 private:
  class Socket;
  struct Session;
  struct Pending {
    std::shared_ptr<net::Exchange> exchange;
    std::string origin;
  };
  struct Upcall {
    SessionId session;
    std::variant<Received, Alive, Ended> what;
  };

  // engine_requests.cpp: from HTTP to the sessions and back.
  void carry_out(EngineAction action, Session* session, const net::Request& request,
                 const std::shared_ptr<net::Exchange>& exchange);
  void open_by_polling(const net::Request& request, const std::shared_ptr<net::Exchange>& exchange);
  void open_by_websocket(const net::Request& request, net::Exchange& exchange);
  void upgrade(net::Exchange& exchange, std::unique_ptr<Socket> socket) const;
  RequestId remember(SessionId session, const net::Request& request, const std::shared_ptr<net::Exchange>& exchange);
  void reply(RequestId to, unsigned status, std::string body);
  void allow_origin(net::Response& response, std::string_view origin) const;

  Session& make_session(Handshake handshake, AddressLimit::Place place);
  [[nodiscard]] Session* find(SessionId session);
  [[nodiscard]] Session* find(std::string_view sid);
  TransportId next_transport() { return TransportId{++last_id_}; }

  // Brings the session up to now, gives it the input, and carries out what it wants.
  template <class Input>
  void feed(SessionId id, const Input& input);
  // The same for what came from outside: the application hears of it before this returns.
  template <class Input>
  void take(SessionId id, const Input& input);
  // A text that the application can read where it lies: a message while nothing else is going on.
  [[nodiscard]] bool pass_on(SessionId session, TransportId from, std::string_view text);
  void run(Session& session, EngineEffects& effects);
  void run_one(Session& session, EngineEffect& effect);
  void on_timer(SessionId session);
  void arm(Session& session);
  void settle_soon();
  void settle();
  void tell_application();
  void forget(SessionId session);

  net::Loop& loop_;
  EngineDoor door_;
  turnd::base::RandomSource random_;
  EngineApplication& application_;
  AddressLimit unlimited_{0};
  AddressLimit& addresses_;
  std::unordered_map<SessionId, std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::string, SessionId> by_sid_;
  std::unordered_map<RequestId, Pending> pending_;
  std::vector<SessionId> unsettled_;  // to be flushed, or forgotten
  std::deque<Upcall> upcalls_;        // what the application has not heard yet
  bool is_telling_ = false;
  bool is_settling_soon_ = false;
  std::uint64_t last_id_ = 0;
};

}  // namespace signaling::socketio
