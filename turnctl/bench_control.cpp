#include "turnctl/bench_control.h"

#include <boost/json/object.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "turnctl/bench_bindings.h"
#include "turnctl/bench_cycles.h"
#include "turnctl/bench_report.h"
#include "turnctl/login.h"
#include "turnctl/reach.h"

namespace turnctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using turnd::base::Endpoint;
using turnd::base::Transport;
using Clock = std::chrono::steady_clock;

constexpr auto kReach = 10s;

// "binding" or "cycle", and how many of them were there.
struct Counted {
  const char* name;
  std::uint64_t count = 0;
  double seconds = 0;

  [[nodiscard]] double each(double total) const { return count == 0 ? 0 : total / static_cast<double>(count); }
  [[nodiscard]] double per_second() const { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }
};

// What the process of --pid spent meanwhile.
struct ServerCost {
  double cpu_seconds = 0;
  double processors_seconds = 0;
  std::uint64_t resident = 0;
};

struct Report {
  std::string server;
  Counted counted;
  bench::LatencyHistogram latency;
  json::object rest;  // what only one of the two has
  std::vector<std::pair<std::string, std::string>> rest_in_words;
  std::optional<Failure> failure;  // the first one
  std::optional<ServerCost> cost;
};

json::object to_json(const BenchRequest& request, const Report& report) {
  const Counted& counted = report.counted;
  const std::string name = counted.name;
  json::value server_cost;
  if (report.cost)
    server_cost = json::object{{"cpu_seconds", report.cost->cpu_seconds},
                               {"cpu_seconds_per_" + name, counted.each(report.cost->cpu_seconds)},
                               {"processors_seconds_per_" + name, counted.each(report.cost->processors_seconds)},
                               {"resident_bytes", report.cost->resident}};
  json::object object{{"uri", request.uri},
                      {"server", report.server},
                      {"clients", request.allocations},
                      {"duration", counted.seconds},
                      {name + "s", counted.count},
                      {name + "s_per_second", counted.per_second()},
                      {"latency", latency_json(report.latency)},
                      {"server_cost", std::move(server_cost)}};
  for (const auto& [member, value] : report.rest) object[member] = value;
  return object;
}

void print(const BenchRequest& request, const Report& report) {
  const Counted& counted = report.counted;
  const std::string name = counted.name;
  std::vector<std::pair<std::string, std::string>> facts{
      {"server", report.server},
      {"clients", std::to_string(request.allocations)},
      {name + "s", std::to_string(counted.count) + " in " + text_of("%.1f s, ", counted.seconds) +
                       text_of("%.0f a second", counted.per_second())},
      {"latency", latency_text(report.latency)}};
  facts.insert(facts.end(), report.rest_in_words.begin(), report.rest_in_words.end());
  if (report.cost)
    facts.emplace_back("server cost", text_of("%.2f us of CPU a ", counted.each(report.cost->cpu_seconds) * 1e6) +
                                          name + ", " + human_bytes(static_cast<double>(report.cost->resident)) +
                                          " of memory");
  print_facts(facts);
}

Outcome<Report> run_cycles(const BenchRequest& request, const TurnUri& uri, CyclesPlan plan) {
  if (request.peer) {
    plan.wanted.peer = turnd::base::IpAddress::parse(*request.peer);
    if (!plan.wanted.peer) return Failure{"\"" + *request.peer + "\" is no IP address", "write --peer 198.51.100.7"};
  }
  plan.wanted.family = plan.wanted.peer ? plan.wanted.peer->family() : plan.server.address.family();
  plan.transport = uri.transport;
  plan.clients = request.allocations;
  const auto measured = measure_cycles(plan);
  if (!measured) return measured.error();
  const auto& first = measured->first_failure;
  Report report{
      to_string(plan.server), {"cycle", measured->done, measured->time.count()}, measured->latency, {}, {}, first, {}};
  report.rest = {{"failed", measured->failed},
                 {"first_failure", first ? json::value(first->detail) : json::value(nullptr)}};
  if (first)
    report.rest_in_words.emplace_back("failed",
                                      std::to_string(measured->failed) + " cycles, the first: " + first->detail);
  return report;
}

Outcome<Report> run_bindings(const BenchRequest& request, BindingsPlan plan) {
  plan.clients = request.allocations;
  plan.window = request.window.value_or(plan.window);
  const auto measured = measure_bindings(plan);
  if (!measured) return measured.error();
  const std::uint64_t left = measured->sent - measured->refused;
  const double loss = left == 0 ? 0 : 1 - static_cast<double>(measured->answered) / static_cast<double>(left);
  Report report{to_string(plan.server),
                {"binding", measured->answered, measured->time.count()},
                measured->latency,
                {},
                {},
                {},
                {}};
  report.rest = {
      {"sent", measured->sent}, {"not_sent", measured->refused}, {"loss", loss}, {"strange", measured->strange}};
  report.rest_in_words.emplace_back("lost", text_of("%.3f %%", loss * 100));
  if (measured->refused != 0)
    report.rest_in_words.emplace_back("not sent", std::to_string(measured->refused) + " (this machine is full)");
  if (measured->answered == 0)
    report.failure = Failure{"nothing was answered", "is a firewall in between? does the server limit requests?"};
  return report;
}

Outcome<TurnUri> uri_of(const BenchRequest& request) {
  const auto uri = parse_turn_uri(request.uri);
  if (!uri || (request.cycles && !uri->relays))
    return Failure{"\"" + request.uri + "\" is no TURN URI", "write turn:HOST[:PORT][?transport=udp|tcp], or turns:"};
  if (request.bindings && uri->transport != Transport::udp)
    return Failure{"--bindings goes over UDP", "write stun:HOST[:PORT] or turn:HOST[:PORT]"};
  if (request.allocations == 0 || request.allocations > kMostBenchClients)
    return Failure{"--allocations is not from 1 to 10000", "write --allocations 100"};
  return *uri;
}

Outcome<Report> run(const Context& context, const BenchRequest& request) {
  const auto uri = uri_of(request);
  if (!uri) return uri.error();
  const auto duration = parse_bench_duration(request.duration);
  if (!duration) return duration.error();
  Outcome<Login> login = Login{};
  if (request.cycles) login = log_in(context, request.login);
  if (!login) return login.error();
  const TlsTrust trust{uri->host, request.ca, request.insecure};
  const auto server = reach(*uri, trust, Clock::now() + kReach);
  if (!server) return server.error();

  const auto before = cost_so_far(request.pid);
  if (!before) return before.error();
  auto report =
      request.cycles
          ? run_cycles(request, *uri,
                       {.server = *server, .trust = trust, .login = *login, .wanted = {}, .duration = *duration})
          : run_bindings(request, {.server = *server, .duration = *duration});
  const auto after = cost_so_far(request.pid);
  if (report && request.pid && after)
    report->cost = ServerCost{seconds((*after)->cpu - (*before)->cpu),
                              seconds((*after)->processors - (*before)->processors), (*after)->resident};
  return report;
}

}  // namespace

int run_control_bench(const Context& context, const BenchRequest& request) {
  const auto done = run(context, request);
  if (!done) return report(done.error(), kRefused, context.mode);
  if (context.json())
    print_json(to_json(request, *done));
  else
    print(request, *done);
  if (done->counted.count != 0) return kDone;
  return report(done->failure.value_or(Failure{"nothing was measured", "give it more time: --duration 5s"}), kRefused,
                context.mode);
}

}  // namespace turnctl
