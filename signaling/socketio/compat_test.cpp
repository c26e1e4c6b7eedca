#include "signaling/socketio/compat_test.h"

#include <utility>

namespace signaling::socketio {
namespace {

using namespace std::chrono_literals;

bool is_under(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

EngineDoor open_door() {
  return {.settings = {.ping_interval = 300ms, .ping_timeout = 200ms, .max_payload = 1'000'000},
          .allows_origin = [](const net::Request&) { return true; }};
}

}  // namespace

CompatTest::CompatTest(net::Loop& loop, const turnd::base::RandomSource& random)
    : engine_(loop, open_door(), random, engine_echo_),
      socketio_(loop, {.connect_timeout = 1000ms}, random),
      socketio_engine_(loop, open_door(), random, socketio_),
      main_(socketio_, "/"),
      custom_(socketio_, "/custom") {
  engine_echo_.serve_on(engine_);
  socketio_.serve_on(socketio_engine_);
  socketio_.add_namespace("/", main_);
  socketio_.add_namespace("/custom", custom_);
}

net::BodyPlan CompatTest::plan_body(const net::Request& head) { return engine_.plan_body(head); }

void CompatTest::handle(net::Request request, std::shared_ptr<net::Exchange> exchange) {
  if (is_under(request.path(), "/engine.io")) return engine_.handle(std::move(request), std::move(exchange));
  if (is_under(request.path(), "/socket.io")) return socketio_engine_.handle(std::move(request), std::move(exchange));
  net::Response response;
  response.status = 404;
  exchange->answer(std::move(response));
}

net::Response CompatTest::refuse(const net::Refusal& refusal, const net::Request& head) {
  return engine_.refuse(refusal, head);
}

}  // namespace signaling::socketio
