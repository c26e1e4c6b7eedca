// Handshake: what the first request of a connection said.
#pragma once

#include <string>

#include "turnd/base/endpoint.h"

namespace signaling::socketio {

struct Handshake {
  turnd::base::IpAddress client;
  std::string authorization;  // the header field; empty: none
};

}  // namespace signaling::socketio
