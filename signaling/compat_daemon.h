// CompatDaemon: signald --compat-test: nothing but the echo servers of the official Engine.IO and Socket.IO suites.
#pragma once

#include <optional>

#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/net/server.h"
#include "signaling/signals.h"
#include "signaling/socketio/compat_test.h"
#include "turnd/config/problems.h"

namespace signaling {

// Without database, limits and accounts: it starts only where nobody from outside can reach it (G99).
class CompatDaemon {
 public:
  explicit CompatDaemon(const config::Config& written);

  [[nodiscard]] std::optional<turnd::config::WorldError> start();
  // Returns after SIGTERM or SIGINT.
  void run() { loop_.run(); }

 private:
  config::Config config_;  // resolved
  net::Loop loop_;
  Signals signals_;
  socketio::CompatTest echo_;
  net::Server server_;  // goes first: its connections use the others
};

}  // namespace signaling
