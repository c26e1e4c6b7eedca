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

enum class WebrtcFigure : std::uint8_t { rtt, loss, setup };  // seconds, a ratio, seconds

// Thread-safe; what is asked for at a scrape is added before the first one.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // `route`: a path template, "static" or "unmatched" (O4).
  void count_request(net::Method method, std::string_view route, unsigned status, std::chrono::nanoseconds took);
  void count_registration();
  void count_login(std::string_view status);  // success, failed
  // method: password, refresh, guest, bearer, cookie, key, socket; result: success, failed, or the code of the refusal.
  void count_authentication(std::string_view method, std::string_view result);
  void count_rate_limited(std::string_view bucket);
  void count_join(std::string_view result);  // joined, waiting, or the code of the refusal
  void count_chat_message();
  void count_commit(std::chrono::nanoseconds took, std::size_t jobs);
  void count_read(std::chrono::nanoseconds took);
  void observe_broker(std::chrono::nanoseconds took);  // from publishing an event to whoever listens
  void observe_relay(std::chrono::nanoseconds took);
  void observe_room(std::size_t members);
  // What a browser measured of its connections.
  void observe_webrtc(WebrtcFigure what, double value);
  void count_webrtc_setup(std::string_view result);

  // Called at the beginning of every scrape, on the thread that scrapes.
  void before_scrape(std::function<void()> prepare);
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
