// Metrics: what Prometheus reads of signald (signaling.md 2.10).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/net/http.h"

namespace prometheus {
class Registry;
}

namespace signaling::api {

// Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // `route`: a path template, "static" or "unmatched" (O4).
  void count_request(net::Method method, std::string_view route, unsigned status, std::chrono::nanoseconds took);
  void count_registration();
  void count_login(std::string_view status);  // success, failed
  void count_authentication(std::string_view method, std::string_view result);
  void count_rate_limited(std::string_view bucket);
  void count_turn_credentials();
  void count_commit(std::chrono::nanoseconds took, std::size_t jobs);
  void count_read(std::chrono::nanoseconds took);
  // What a browser measured of its connections.
  void observe_webrtc(std::string_view what, double value);  // rtt_seconds, loss_ratio, setup_seconds
  void count_webrtc_setup(std::string_view result);

  // Values that somebody else keeps, asked for at every scrape, on the thread that scrapes. Each series once.
  using Labels = std::map<std::string, std::string>;
  void add_gauge(const std::string& name, const std::string& help, std::function<double()> value,
                 const Labels& labels = {});
  // The same for sums since the start.
  void add_counter(const std::string& name, const std::string& help, std::function<double()> value,
                   const Labels& labels = {});

  [[nodiscard]] std::string text();

 private:
  struct Families;
  struct Series;
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Families> families_;
};

}  // namespace signaling::api
