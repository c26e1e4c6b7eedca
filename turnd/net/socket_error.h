// SocketError: what the world refused, in words for the operator.
#pragma once

#include <string>

namespace turnd::net {

struct SocketError {
  int code = 0;        // errno
  std::string what;    // "udp://192.0.2.1:3478"
  std::string why;     // "address already in use"
  std::string remedy;  // "stop the other server on this port, or change listen"
};

}  // namespace turnd::net
