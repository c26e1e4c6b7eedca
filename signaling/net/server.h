// Server: the listeners and connections of one loop.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "signaling/net/exchange.h"
#include "signaling/net/loop.h"
#include "turnd/base/cidr.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/tls/server_context.h"

namespace signaling::net {

struct HttpSettings {
  std::size_t header = 16 * 1024;  // bytes, request line included
  std::size_t header_lines = 100;
  std::chrono::milliseconds header_timeout{10'000};   // from a request's first byte, or the connection's start
  std::chrono::milliseconds request_timeout{30'000};  // from a request's first byte to its last
  std::chrono::milliseconds upload_timeout{600'000};  // the same, of a body that goes to a file
  std::chrono::milliseconds idle_timeout{75'000};     // between two requests
  std::chrono::milliseconds write_timeout{30'000};    // without any progress of an answer
  std::vector<base::AddressRange> trusted_proxies{};  // whose X-Forwarded-For and -Proto are believed (C6)
};

struct Listen {
  base::Endpoint endpoint;
  bool tls = false;
};
[[nodiscard]] std::string to_string(const Listen& listen);

// One sentence for the operator.
struct ListenError {
  std::string what;
  std::string why;
  std::string remedy;
};

struct Counters {
  std::atomic<std::uint64_t> accepted = 0, connections = 0, tls_failed = 0, bytes_in = 0, bytes_out = 0, slow = 0;
};

// Constructed before Loop::run() and destroyed after it, with the connections that are left; everything else on the
// loop's thread, or before run().
class Server {
 public:
  Server(Loop& loop, HttpSettings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // `handler` outlives the server. Port 0 asks for any; the endpoint that it got.
  [[nodiscard]] base::Result<base::Endpoint, ListenError> listen(const Listen& listen, HttpHandler& handler);
  // For connections from now on.
  void set_tls(std::shared_ptr<const turnd::tls::ServerContext> context);
  void set_settings(HttpSettings settings);

  // No new connections; idle ones close, requests in flight finish and close.
  void stop_accepting();
  [[nodiscard]] std::size_t connections() const;
  // Ends every connection now.
  void drop_all();
  [[nodiscard]] const Counters& counters() const;  // readable from any thread

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signaling::net
