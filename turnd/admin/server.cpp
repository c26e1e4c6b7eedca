#include "turnd/admin/server.h"

#include <unistd.h>

#include <utility>

#include "turnd/admin/door.h"
#include "turnd/admin/router.h"
#include "turnd/posix/socket_address.h"

namespace turnd::admin {
namespace {

control::CursorSeal::Key make_key(const base::RandomSource& random) {
  control::CursorSeal::Key key{};
  random(key);
  return key;
}

}  // namespace

struct Server::State {
  explicit State(Parts parts)
      : io(parts.io),
        context{parts.host, parts.events, control::CursorSeal(make_key(parts.random)), parts.random, parts.clock},
        control_router(context, control_routes()),
        metrics_router(context, metrics_routes()),
        control_around(surroundings(parts, control_router)),
        metrics_around(surroundings(parts, metrics_router)) {}

  static std::shared_ptr<const HttpConnection::Surroundings> surroundings(const Parts& parts, const Router& router) {
    return std::make_shared<const HttpConnection::Surroundings>(HttpConnection::Surroundings{
        [&router](const Request& request) { return router.answer(request); }, parts.events, parts.clock, parts.limits});
  }

  std::shared_ptr<Door> make_door(Listener listener,
                                  const std::shared_ptr<const HttpConnection::Surroundings>& around) {
    auto door = std::make_shared<Door>(io, listener.descriptor.release(), listener.family, around);
    door->open();
    return door;
  }

  boost::asio::io_context& io;
  const Context context;
  const Router control_router;
  const Router metrics_router;
  const std::shared_ptr<const HttpConnection::Surroundings> control_around;
  const std::shared_ptr<const HttpConnection::Surroundings> metrics_around;

  std::string control_path;
  FileIdentity control_file;
  std::shared_ptr<Door> control;
  std::optional<base::Endpoint> metrics_wanted;
  std::optional<base::Endpoint> metrics_got;
  std::shared_ptr<Door> metrics;
};

Server::Server(Parts parts) : state_(std::make_unique<State>(std::move(parts))) {}

Server::~Server() { close(); }

std::optional<OpenError> Server::open_control(const std::string& path) {
  auto listener = open_unix_listener(path);
  if (!listener) return listener.error();
  // Clients that came through a socket whose file is gone stay connected.
  if (state_->control) state_->control->stop_accepting();
  state_->control_path = path;
  state_->control_file = identity_of(path);
  state_->control = state_->make_door(std::move(*listener), state_->control_around);
  return std::nullopt;
}

std::optional<OpenError> Server::reopen_control() {
  if (!state_->control || identity_of(state_->control_path) == state_->control_file) return std::nullopt;
  return open_control(state_->control_path);
}

std::optional<OpenError> Server::listen_metrics(const std::optional<base::Endpoint>& address) {
  if (address == state_->metrics_wanted) return std::nullopt;
  std::shared_ptr<Door> door;
  std::optional<base::Endpoint> got;
  if (address) {
    auto listener = open_tcp_listener(*address);
    if (!listener) return listener.error();
    got = posix::local_endpoint(listener->descriptor.get());
    door = state_->make_door(std::move(*listener), state_->metrics_around);
  }
  if (state_->metrics) state_->metrics->close();
  state_->metrics = std::move(door);
  state_->metrics_wanted = address;
  state_->metrics_got = got;
  return std::nullopt;
}

std::optional<base::Endpoint> Server::metrics_endpoint() const { return state_->metrics_got; }

void Server::close() {
  if (const auto control = std::exchange(state_->control, nullptr)) {
    control->close();
    if (identity_of(state_->control_path) == state_->control_file) ::unlink(state_->control_path.c_str());
  }
  if (const auto metrics = std::exchange(state_->metrics, nullptr)) metrics->close();
  state_->metrics_wanted.reset();
  state_->metrics_got.reset();
}

}  // namespace turnd::admin
