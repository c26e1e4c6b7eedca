// Context: what every command shares, and the ways in which it speaks to turnd.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "turnctl/control_client.h"
#include "turnctl/output.h"

namespace turnctl {

struct Context {
  std::optional<std::string> socket;  // --socket
  OutputMode mode = OutputMode::tables;

  [[nodiscard]] bool json() const { return mode == OutputMode::json; }
};

// Connects and runs `command`; reports and returns 2 when no turnd is reached.
int with_turnd(const Context& context, const std::function<int(ControlClient&)>& command);

// One request; a refusal is reported, otherwise `show` prints the reply (with --json it is printed as it came).
struct Request {
  std::string_view method;
  std::string target;
  std::optional<boost::json::object> body = {};
};
int run_request(const Context& context, const Request& request,
                const std::function<void(const boost::json::object&)>& show);

// A list route, followed to its end or to `limit` items: `show` gets all items; with --json one document.
struct ListRequest {
  std::string path;                     // "/v1/sessions"
  std::vector<std::string> parameters;  // "user=alice", encoded
  std::optional<std::size_t> limit;
};
int run_list(const Context& context, const ListRequest& request,
             const std::function<void(const boost::json::array&)>& show);
// The items alone; a failure is already reported and its exit status is the error.
[[nodiscard]] turnd::base::Result<boost::json::array, ExitStatus> fetch_list(const Context& context,
                                                                             ControlClient& client,
                                                                             const ListRequest& request);

}  // namespace turnctl
