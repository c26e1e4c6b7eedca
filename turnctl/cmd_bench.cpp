#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <iostream>

#include "turnctl/bench/stamp.h"
#include "turnctl/bench_clients.h"
#include "turnctl/bench_control.h"
#include "turnctl/bench_lanes.h"
#include "turnctl/bench_report.h"
#include "turnctl/commands.h"
#include "turnctl/login.h"

namespace turnctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using bench::Measured;
using bench::ProcessCost;

constexpr std::size_t kLargestPayload = 65'000;
constexpr auto kSetUp = 30s;
// With each allocation the set-up may take a little longer.
constexpr auto kSetUpEach = 50ms;

// What the process of --pid spent meanwhile; and, for each allocation, before.
struct ServerCost {
  double cpu_seconds = 0;
  double processors_seconds = 0;
  std::uint64_t resident = 0;
  double set_up_cpu_seconds = 0;
  double set_up_bytes = 0;
};
// With fewer, what else the server does with memory shows.
constexpr std::size_t kEnoughForMemory = 100;

struct Report {
  std::string uri;
  std::string server;
  BenchRequest request;
  std::size_t hops = 1;
  Measured measured;
  std::optional<ServerCost> cost;

  [[nodiscard]] std::uint64_t relayed() const { return measured.received * hops; }
  [[nodiscard]] double per_second(std::uint64_t count) const {
    return static_cast<double>(count) / measured.time.count();
  }
  [[nodiscard]] double loss() const {
    const std::uint64_t left = measured.sent - measured.refused;
    return left == 0 ? 0 : 1 - static_cast<double>(measured.received) / static_cast<double>(left);
  }
  [[nodiscard]] double per_packet(double total) const {
    return relayed() == 0 ? 0 : total / static_cast<double>(relayed());
  }
};

json::object to_json(const Report& report) {
  const Measured& measured = report.measured;
  json::value server_cost;
  if (report.cost)
    server_cost = json::object{{"cpu_seconds", report.cost->cpu_seconds},
                               {"cpu_seconds_per_packet", report.per_packet(report.cost->cpu_seconds)},
                               {"processors_seconds_per_packet", report.per_packet(report.cost->processors_seconds)},
                               {"resident_bytes", report.cost->resident},
                               {"set_up_cpu_seconds_per_allocation", report.cost->set_up_cpu_seconds},
                               {"bytes_per_allocation", report.cost->set_up_bytes}};
  return {{"uri", report.uri},
          {"server", report.server},
          {"allocations", report.request.allocations},
          {"duration", measured.time.count()},
          {"sent", measured.sent},
          {"not_sent", measured.refused},
          {"received", measured.received},
          {"strange", measured.strange},
          {"broken_connections", measured.broken},
          {"loss", report.loss()},
          {"packets_per_second", report.per_second(measured.received)},
          {"bytes_per_second", report.per_second(measured.received_bytes)},
          {"relayed_packets", report.relayed()},
          {"latency", latency_json(measured.latency)},
          {"server_cost", std::move(server_cost)}};
}

void print(const Report& report) {
  const Measured& measured = report.measured;
  std::vector<std::pair<std::string, std::string>> facts{
      {"server", report.server},
      {"allocations", std::to_string(report.request.allocations)},
      {"sent", std::to_string(measured.sent) + " packets in " + text_of("%.1f s", measured.time.count())},
      {"received", std::to_string(measured.received) + " packets, " +
                       text_of("%.0f a second, ", report.per_second(measured.received)) +
                       human_rate(report.per_second(measured.received_bytes))},
      {"lost", text_of("%.3f %%", report.loss() * 100)},
      {"latency", latency_text(measured.latency)}};
  if (measured.refused != 0)
    facts.emplace_back("not sent", std::to_string(measured.refused) + " (this machine is full)");
  if (measured.strange != 0)
    facts.emplace_back("strange", std::to_string(measured.strange) + " that nobody had sent there");
  if (measured.broken != 0) facts.emplace_back("broken", std::to_string(measured.broken) + " connections");
  if (report.hops == 2) facts.emplace_back("relayed", "each packet twice: the clients are each other's peers");
  if (report.cost && report.relayed() != 0)
    facts.emplace_back("server cost",
                       text_of("%.2f us of CPU a relayed packet, ", report.per_packet(report.cost->cpu_seconds) * 1e6) +
                           human_bytes(static_cast<double>(report.cost->resident)) + " of memory");
  if (report.cost && report.request.allocations >= kEnoughForMemory)
    facts.emplace_back("allocation", text_of("%.0f us of CPU to set up, ", report.cost->set_up_cpu_seconds * 1e6) +
                                         human_bytes(report.cost->set_up_bytes) + " of memory");
  print_facts(facts);
}

Outcome<std::vector<std::size_t>> parse_sizes(std::string_view text) {
  std::vector<std::size_t> sizes;
  while (!text.empty()) {
    const std::string_view each = text.substr(0, text.find(','));
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(each.data(), each.data() + each.size(), size);
    if (error != std::errc{} || end != each.data() + each.size() || size < bench::Stamp::kSize ||
        size > kLargestPayload)
      return Failure{"\"" + std::string(each) + "\" is no size from 16 to 65000", "write bytes of payload: 1200,172"};
    sizes.push_back(size);
    text.remove_prefix(std::min(text.size(), each.size() + 1));
  }
  if (sizes.empty()) return Failure{"--size is empty", "write bytes of payload: 1200,172"};
  return sizes;
}

std::optional<Failure> fault_of(const BenchRequest& request, const std::vector<std::size_t>& sizes) {
  if (request.allocations == 0 || request.allocations > kMostBenchClients)
    return Failure{"--allocations is not from 1 to 10000", "write --allocations 100"};
  if (!request.peer && request.allocations % 2 != 0)
    return Failure{"without --peer the clients are each other's peers: an odd one is left", "make --allocations even"};
  if (!request.peer && request.direction != "both")
    return Failure{"without --peer the clients are each other's peers: there is no up and down", "give --peer"};
  if (request.rate && !(*request.rate > 0)) return Failure{"--rate is not above 0", "leave it out for the maximum"};
  if (request.indications && std::ranges::any_of(sizes, [](auto size) { return size > kLargestIndication; }))
    return Failure{"an indication of ours carries at most " + std::to_string(kLargestIndication) + " bytes",
                   "write --size 1200"};
  return std::nullopt;
}

Outcome<bench::Plan> plan_of(const BenchRequest& request) {
  const auto sizes = parse_sizes(request.sizes);
  if (!sizes) return sizes.error();
  if (auto fault = fault_of(request, *sizes)) return *fault;
  const auto duration = parse_bench_duration(request.duration);
  if (!duration) return duration.error();
  bench::Plan plan;
  plan.sizes = *sizes;
  plan.packets_per_second = request.rate.value_or(0);
  plan.burst = request.burst;
  plan.window = std::max(request.window.value_or(plan.window), request.burst);
  plan.duration = *duration;
  return plan;
}

Outcome<BenchClients::Target> target_of(const Context& context, const BenchRequest& request) {
  const auto uri = parse_turn_uri(request.uri);
  if (!uri || !uri->relays)
    return Failure{"\"" + request.uri + "\" is no TURN URI", "write turn:HOST[:PORT][?transport=udp|tcp], or turns:"};
  std::optional<turnd::base::IpAddress> peers;
  if (request.peer) {
    peers = turnd::base::IpAddress::parse(*request.peer);
    if (!peers) return Failure{"\"" + *request.peer + "\" is no IP address", "give --peer an address of this machine"};
  }
  auto login = log_in(context, request.login);
  if (!login) return login.error();
  return BenchClients::Target{*uri,
                              {uri->host, request.ca, request.insecure},
                              std::move(*login),
                              request.allocations,
                              peers,
                              request.indications};
}

BenchClients::Direction direction_of(const BenchRequest& request) {
  if (request.direction == "up") return BenchClients::Direction::up;
  return request.direction == "down" ? BenchClients::Direction::down : BenchClients::Direction::both;
}

ServerCost cost_of(const BenchRequest& request, const ProcessCost& idle, const ProcessCost& before,
                   const ProcessCost& after) {
  const auto allocations = static_cast<double>(request.allocations);
  const double grown = static_cast<double>(before.resident) - static_cast<double>(idle.resident);
  return {seconds(after.cpu - before.cpu), seconds(after.processors - before.processors), after.resident,
          seconds(before.cpu - idle.cpu) / allocations, grown / allocations};
}

Outcome<Report> run(const Context& context, const BenchRequest& request) {
  const auto plan = plan_of(request);
  if (!plan) return plan.error();
  const auto target = target_of(context, request);
  if (!target) return target.error();
  const auto idle = cost_so_far(request.pid);
  if (!idle) return idle.error();
  const auto clients =
      BenchClients::open(*target, std::chrono::steady_clock::now() + kSetUp + request.allocations * kSetUpEach);
  if (!clients) return clients.error();
  const auto before = cost_so_far(request.pid);
  Report report{request.uri,
                to_string((*clients)->server()),
                request,
                (*clients)->hops(),
                bench::measure(*plan, (*clients)->ways(direction_of(request))),
                std::nullopt};
  const auto after = cost_so_far(request.pid);
  if (request.pid && before && after) report.cost = cost_of(request, **idle, **before, **after);
  return report;
}

}  // namespace

int run_bench(const Context& context, const BenchRequest& request) {
  if (request.cycles || request.bindings) return run_control_bench(context, request);
  const auto done = run(context, request);
  if (!done) return report(done.error(), kRefused, context.mode);
  if (context.json())
    print_json(to_json(*done));
  else
    print(*done);
  if (done->measured.received != 0) return kDone;
  return report({"nothing of what was sent arrived",
                 request.peer ? "does the server's peer policy allow " + *request.peer + "? is a firewall in between?"
                              : "can the server reach its own relayed addresses? else give --peer"},
                kRefused, context.mode);
}

}  // namespace turnctl
