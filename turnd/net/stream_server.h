// StreamServer: a worker's TCP listeners and their connections, plain or TLS, told apart by the first byte.
#pragma once

#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/net/client_link.h"
#include "turnd/net/inbox.h"
#include "turnd/net/poller.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/counters.h"

namespace turnd::net {

class StreamServer {
 public:
  struct Surroundings {
    Poller& poller;
    ClientRegistry& registry;
    Inbox& inbox;
    turn::WorkerCounters& counters;  // clients, tls_handshakes
  };
  StreamServer(const Surroundings& around, const ClientLimits& limits);
  ~StreamServer();

  // tcp: plain, and TLS recognised when there is a context; tls: TLS only.
  [[nodiscard]] std::optional<SocketError> listen(const Listen& at);
  // Connections live on after their listener is gone.
  void stop_listening(const Listen& at);

  // Where it is bound, its port chosen by the kernel where it was 0; none: not listening there.
  [[nodiscard]] std::optional<base::Endpoint> local(const Listen& at) const;

  // Open connections that came in at this listener.
  [[nodiscard]] std::size_t connections_at(const Listen& at) const;

  // Null: no TLS. Open connections keep the context they started with.
  void replace_context(std::shared_ptr<const tls::ServerContext> context);

  // Handshake, first-message and idle deadlines.
  void on_time(const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turnd::net
