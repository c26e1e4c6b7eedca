// ControlClient: HTTP and JSON to a turnd's control socket.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "turnctl/failure.h"
#include "turnd/base/percent.h"

namespace turnctl {

struct Reply {
  unsigned status = 0;
  boost::json::value body;
  [[nodiscard]] bool ok() const { return status < 400; }
};

// Where turnd may listen: `given` alone when there is one (--socket, $TURND_SOCKET), else the user's and the
// system's (operations.md D62).
[[nodiscard]] std::vector<std::string> socket_candidates(const std::optional<std::string>& given);

// One connection, one thread.
class ControlClient {
 public:
  // Failure: no turnd was reached (exit status 2).
  [[nodiscard]] static Outcome<std::unique_ptr<ControlClient>> connect(const std::vector<std::string>& candidates);
  ~ControlClient();
  ControlClient(const ControlClient&) = delete;
  ControlClient& operator=(const ControlClient&) = delete;

  [[nodiscard]] const std::string& path() const;
  // `target` as in the request line. Failure: turnd went away or did not answer.
  [[nodiscard]] Outcome<Reply> request(std::string_view method, const std::string& target,
                                       const std::optional<boost::json::object>& body = {});

  // Reads the NDJSON stream at `target`: each line to `on_line`, and `on_tick` every `interval`, until SIGINT or
  // SIGTERM (true), or until turnd ends it (a Failure).
  struct Listener {
    std::function<void(const boost::json::object&)> on_line;
    std::function<void()> on_tick;
    std::chrono::milliseconds interval{1000};
  };
  [[nodiscard]] Outcome<bool> listen(const std::string& target, const Listener& listener);

 private:
  struct State;
  explicit ControlClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

using turnd::base::percent_encoded;  // a path segment or a query value

}  // namespace turnctl
