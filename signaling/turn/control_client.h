// ControlClient: one request at a time-out to turnd's control socket, on Asio.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "turnd/base/result.h"

namespace signaling::turn {

enum class ControlError : std::uint8_t {
  unreachable,  // no socket, or nobody listens
  timed_out,
  cut,        // closed in the middle of a reply
  malformed,  // no HTTP, or larger than kMostBody
};
[[nodiscard]] std::string_view to_string(ControlError error);

struct ControlRequest {
  std::string method = "GET";
  std::string target;  // as in the request line
  std::string body;    // JSON; empty: none
};
struct ControlReply {
  unsigned status = 0;
  std::string body;
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};
using ControlOutcome = turnd::base::Result<ControlReply, ControlError>;

// A value: requests in flight outlive it. Each request has a connection of its own, so that a turnd that was restarted
// needs no care.
class ControlClient {
 public:
  static constexpr std::size_t kMostBody = 4 * 1024 * 1024;

  ControlClient(boost::asio::any_io_executor executor, std::string path, std::chrono::milliseconds patience);

  // `done` is called once, on the executor, never before send() returns.
  void send(ControlRequest request, std::function<void(ControlOutcome)> done) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  boost::asio::any_io_executor executor_;
  std::string path_;
  std::chrono::milliseconds patience_;
};

}  // namespace signaling::turn
