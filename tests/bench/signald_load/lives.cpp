// Connections that come, stay and go.
#include <signal.h>

#include "tests/bench/signald_load/scenario.h"

namespace signaling::load {
namespace {

constexpr double kSettle = 1;  // seconds until memory is what it will be

// The memory of a connection is the slope from the first fifth of them to the last: what starting costs drops out.
class Idle final : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override {
    const std::size_t all = fleet_.clients().size();
    const std::size_t first = all / 5;
    const double empty = settled_bytes();
    fleet_.open(first);
    const double few = settled_bytes();
    const auto few_cost = cost_now();
    fleet_.open(all);
    const auto all_cost = cost_now();
    const double many = settled_bytes();
    const auto count = static_cast<double>(all - first);
    const auto before = cost_now();
    fleet_.run_for(fleet_.options().duration);
    const double idle = microseconds(cost_now() - before) / static_cast<double>(all) / fleet_.options().duration;
    return {{"units", all},
            {"empty_bytes", empty},
            {"bytes_per_client", (many - few) / count},
            {"set_up_us", microseconds(all_cost - few_cost) / count},
            {"idle_us_per_second", idle},
            {"lost", all - fleet_.ready()}};
  }

 private:
  static double microseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::micro>(time).count();
  }
  [[nodiscard]] turnctl::bench::ProcessCost cost() const {
    return turnctl::bench::cost_of(fleet_.options().pid).value_or(turnctl::bench::ProcessCost{});
  }
  [[nodiscard]] std::chrono::nanoseconds cost_now() const { return cost().cpu; }
  double settled_bytes() {
    const Options& options = fleet_.options();
    if (options.collect_signal != 0 && options.pid > 0) ::kill(static_cast<pid_t>(options.pid), options.collect_signal);
    fleet_.run_for(kSettle);
    return static_cast<double>(cost().resident);
  }
};

// Connect, be greeted, join, leave, and again.
class Connects final : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override { return measure(); }
  void on_ready(Client& client) override {
    meter_.add(client.began);
    fleet_.leave(client);
  }
  void on_gone(Client&) override { --under_way_; }

 private:
  // Not as soon as one has gone: the fleet may be reading it.
  void each_turn() override {
    for (Client& client : fleet_.clients()) {
      if (client.state != Client::State::closed) continue;
      ++under_way_;
      fleet_.start(client);
    }
  }
  [[nodiscard]] std::uint64_t in_flight() const override { return under_way_; }
  std::uint64_t under_way_ = 0;
};

// All are cut off at once, and come back.
class Storm final : public Scenario {
 public:
  using Scenario::Scenario;
  boost::json::object run() override {
    fleet_.open(fleet_.clients().size());
    fleet_.run_for(kSettle);
    fleet_.cut_all();
    meter_.begin();
    is_storm_ = true;
    fleet_.run_for(0.5);  // the server notices
    const auto began = Clock::now();
    fleet_.open(fleet_.clients().size());
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    boost::json::object figures = meter_.figures();
    figures["storm_seconds"] = seconds;
    figures["per_second"] = static_cast<double>(meter_.units()) / seconds;
    figures["resumed"] = resumed_;
    figures["lost"] = fleet_.clients().size() - fleet_.ready();
    return figures;
  }
  void on_ready(Client& client) override {
    if (!is_storm_) return;
    meter_.add(client.began);
    if (client.was_resumed) ++resumed_;
  }
  void on_text(Client& client, std::string_view text) override { dialect().note_sequence(client, text); }

 private:
  bool is_storm_ = false;
  std::uint64_t resumed_ = 0;
};

}  // namespace

std::unique_ptr<Scenario> make_idle(Fleet& fleet) { return std::make_unique<Idle>(fleet); }
std::unique_ptr<Scenario> make_connects(Fleet& fleet) { return std::make_unique<Connects>(fleet); }
std::unique_ptr<Scenario> make_storm(Fleet& fleet) { return std::make_unique<Storm>(fleet); }

}  // namespace signaling::load
