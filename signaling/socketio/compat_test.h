// CompatTest: what the official protocol suites of Engine.IO and Socket.IO run against (signald --compat-test).
#pragma once

#include <memory>

#include "signaling/net/exchange.h"
#include "signaling/net/loop.h"
#include "signaling/socketio/echo.h"
#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/socketio_server.h"
#include "turnd/base/random_source.h"

namespace signaling::socketio {

// Engine.IO that sends everything back on /engine.io/, Socket.IO on /socket.io/ with the namespaces / and /custom; the
// short times that the suites expect, any origin, no limits. On the loop's thread; it outlives the server's
// connections.
class CompatTest : public net::HttpHandler {
 public:
  CompatTest(net::Loop& loop, const turnd::base::RandomSource& random);

  net::BodyPlan plan_body(const net::Request& head) override;
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override;
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override;

 private:
  EngineEcho engine_echo_;
  EngineServer engine_;
  SocketioServer socketio_;
  EngineServer socketio_engine_;
  NamespaceEcho main_;
  NamespaceEcho custom_;
};

}  // namespace signaling::socketio
