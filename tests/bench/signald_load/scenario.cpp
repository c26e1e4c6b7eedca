#include "tests/bench/signald_load/scenario.h"

#include <stdexcept>

namespace signaling::load {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);

}  // namespace

void Scenario::turn() {
  each_turn();
  fleet_.turn(std::chrono::milliseconds(1));
}

boost::json::object Scenario::measure() {
  const Options& options = fleet_.options();
  is_running_ = true;
  begin();
  for (const auto end = Clock::now() + std::chrono::duration<double>(options.warm_up); Clock::now() < end;) turn();
  meter_.begin();
  misdelivered_ = 0;
  const auto began = Clock::now();
  std::uint64_t sent = 0;
  for (double passed = 0; passed < options.duration;
       passed = std::chrono::duration<double>(Clock::now() - began).count()) {
    for (; sent < static_cast<std::uint64_t>(passed * options.rate); ++sent) send_due(sent);
    turn();
  }
  boost::json::object figures = meter_.figures();
  is_running_ = false;
  for (const auto end = Clock::now() + kPatience; in_flight() != 0 && Clock::now() < end;)
    fleet_.turn(std::chrono::milliseconds(20));
  figures["lost"] = in_flight();
  figures["misdelivered"] = misdelivered_;
  return figures;
}

std::unique_ptr<Scenario> make_scenario(Fleet& fleet) {
  const std::string& name = fleet.options().scenario;
  if (name == "echo" || name == "chat" || name == "rest") return make_requests(fleet);
  if (name == "fanout") return make_fanout(fleet);
  if (name == "signal") return make_pairs(fleet);
  if (name == "idle") return make_idle(fleet);
  if (name == "connect") return make_connects(fleet);
  if (name == "storm") return make_storm(fleet);
  throw std::runtime_error("there is no scenario " + name);
}

}  // namespace signaling::load
