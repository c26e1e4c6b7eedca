// HttpConnection: one client of the control plane, over a Unix socket or TCP (operations.md D5).
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/generic/stream_protocol.hpp>

#include "turnd/admin/http_limits.h"
#include "turnd/admin/http_message.h"
#include "turnd/base/clock.h"

namespace turnd::admin {

class EventHub;

// On the control thread, like everything around it. Reads a request, answers it, reads the next: pipelined requests
// are answered in order, and a client that does not read only stops itself.
class HttpConnection {
 public:
  struct Surroundings {
    std::function<Response(const Request&)> answer;
    EventHub& events;
    std::function<base::WallTime()> clock;
    HttpLimits limits;
  };
  virtual ~HttpConnection() = default;
  // `gone` is called once, when the connection has ended by itself or by close().
  virtual void start(std::function<void()> gone) = 0;
  // Ends it at once; what was not sent is lost.
  virtual void close() = 0;
  // Waits for the first byte of a request.
  [[nodiscard]] virtual bool is_idle() const = 0;
  // When it last read or sent something.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point last_active() const = 0;
};

[[nodiscard]] std::shared_ptr<HttpConnection> make_http_connection(
    boost::asio::generic::stream_protocol::socket socket, std::shared_ptr<const HttpConnection::Surroundings> around);

}  // namespace turnd::admin
