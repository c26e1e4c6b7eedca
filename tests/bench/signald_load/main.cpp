// signald_load: plays every client of a signaling server in one process, and measures what the server does for them.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <iostream>

#include "tests/bench/signald_load/scenario.h"

namespace {

using signaling::load::Options;

constexpr unsigned kLongestRun = 300;  // seconds: then the process ends itself

void add_options(CLI::App& app, Options& options) {
  app.add_option("SCENARIO", options.scenario, "idle, echo, fanout, signal, chat, connect, storm or rest")->required();
  app.add_option("--dialect", options.dialect, "signald, socketio or bare (signald)");
  app.add_option("--host", options.host, "IPv4 address (127.0.0.1)");
  app.add_option("--port", options.port, "8080");
  app.add_flag("--tls", options.tls, "Over TLS; the certificate is not checked");
  app.add_flag("--tickets", options.tickets, "Resume TLS sessions");
  app.add_option("--clients", options.clients, "Where there are no rooms; in connect how many at once (100)");
  app.add_option("--rooms", options.rooms, "Of fanout, signal, chat, connect, storm (1)");
  app.add_option("--members", options.members, "Of each room (1)");
  app.add_option("--window", options.window, "Unanswered messages of a client, in fanout of a room (1)");
  app.add_option("--size", options.size, "Bytes of a message, about (40)");
  app.add_option("--rate", options.rate, "Messages a second over all; without it as many as are answered");
  app.add_flag("--stored", options.stored, "fanout of chat lines instead of data");
  app.add_option("--opening", options.opening, "Connections in the making at once (64)");
  app.add_option("--addresses", options.addresses, "Of 127.1.0.0/16 to connect from (1)");
  app.add_option("--path", options.path, "Of rest (/livez)");
  app.add_option("--duration", options.duration, "Seconds (3)");
  app.add_option("--warm-up", options.warm_up, "Seconds (1)");
  app.add_flag("--spin", options.spin, "Never sleep");
  app.add_option("--pid", options.pid,
                 "The server's process, when it runs here: tells its CPU time a unit, its memory");
  app.add_option("--collect-signal", options.collect_signal, "Makes it collect its garbage, in idle");
  app.footer("Prints one JSON object. Units are answers, deliveries, relayed messages, or whole connections.");
}

void allow_many_sockets() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(Options options) {
  if (options.scenario == "signal") options.members = 2;
  const auto dialect = signaling::load::make_dialect(options.dialect);
  using Speech = signaling::load::Fleet::Speech;
  signaling::load::Fleet fleet(options, *dialect, options.scenario == "rest" ? Speech::http : Speech::websocket);
  boost::json::object figures = signaling::load::make_scenario(fleet)->run();
  figures["failed"] = fleet.failed();
  figures["refused"] = fleet.refused();
  if (!fleet.last_refusal().empty()) figures["last_refusal"] = fleet.last_refusal();
  std::cout << boost::json::serialize(figures) << '\n';
  return figures.at("units").to_number<std::uint64_t>() == 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(kLongestRun);
  ::signal(SIGPIPE, SIG_IGN);
  allow_many_sockets();
  Options options;
  CLI::App app("Plays the clients of a signaling server and measures it.", "signald_load");
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::cerr << "signald_load: " << error.what() << '\n';
    return 1;
  }
}
