// Server: the control plane's doors, the control socket and the metrics address.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "turnd/admin/event_hub.h"
#include "turnd/admin/host.h"
#include "turnd/admin/http_limits.h"
#include "turnd/admin/listening_socket.h"
#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/random_source.h"

namespace boost::asio {
class io_context;
}

namespace turnd::admin {

// On the control thread, which runs `io`. Handlers ask the host while `io` runs them.
class Server {
 public:
  struct Parts {
    boost::asio::io_context& io;
    Host& host;
    EventHub& events;
    base::RandomSource random;
    std::function<base::WallTime()> clock;
    HttpLimits limits;
  };
  // The parts outlive the server.
  explicit Server(Parts parts);
  ~Server();  // closes

  // At start. Answers once `io` runs.
  [[nodiscard]] std::optional<OpenError> open_control(const std::string& path);
  // On reload: makes the control socket again if somebody has removed it (D53).
  [[nodiscard]] std::optional<OpenError> reopen_control();

  // At start and on reload; nullopt switches it off. What cannot be opened leaves everything as it was.
  [[nodiscard]] std::optional<OpenError> listen_metrics(const std::optional<base::Endpoint>& address);
  // The endpoint that metrics are served on: with port 0 asked for, the one it got.
  [[nodiscard]] std::optional<base::Endpoint> metrics_endpoint() const;

  // A clean stop: ends every connection and removes the control socket, if the path still names ours.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turnd::admin
