// Scenario: what the clients of the load do, and what of it is counted.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "tests/bench/signald_load/fleet.h"
#include "tests/bench/signald_load/meter.h"

namespace signaling::load {

class Scenario : public Play {
 public:
  explicit Scenario(Fleet& fleet) : fleet_(fleet), meter_(fleet.options().pid) { fleet.set_play(*this); }
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;
  [[nodiscard]] virtual boost::json::object run() = 0;

 protected:
  // A closed loop: what is answered is sent again, from begin() on. An open one: send_due() at the rate of the options.
  virtual void begin() {}
  virtual void send_due(std::uint64_t /*number*/) {}
  virtual void each_turn() {}
  [[nodiscard]] virtual std::uint64_t in_flight() const { return 0; }
  // Warms up, measures, and waits for what is still under way: the rest of it is `lost`.
  [[nodiscard]] boost::json::object measure();

  [[nodiscard]] bool is_open_loop() const { return fleet_.options().rate > 0; }
  [[nodiscard]] bool goes_on() const { return is_running_ && !is_open_loop(); }
  [[nodiscard]] Dialect& dialect() { return fleet_.dialect(); }

  Fleet& fleet_;
  Meter meter_;
  std::uint64_t misdelivered_ = 0;

 private:
  void turn();
  bool is_running_ = false;
};

// Throws std::runtime_error when there is none of that name.
[[nodiscard]] std::unique_ptr<Scenario> make_scenario(Fleet& fleet);
// `echo`, `chat`, `rest`: requests, a window of them for each client.
[[nodiscard]] std::unique_ptr<Scenario> make_requests(Fleet& fleet);
// `fanout`: rooms with one speaker each.
[[nodiscard]] std::unique_ptr<Scenario> make_fanout(Fleet& fleet);
// `signal`: pairs that negotiate again and again.
[[nodiscard]] std::unique_ptr<Scenario> make_pairs(Fleet& fleet);
// `idle`, `connect`, `storm`: connections that come, stay and go.
[[nodiscard]] std::unique_ptr<Scenario> make_idle(Fleet& fleet);
[[nodiscard]] std::unique_ptr<Scenario> make_connects(Fleet& fleet);
[[nodiscard]] std::unique_ptr<Scenario> make_storm(Fleet& fleet);

}  // namespace signaling::load
