#include "turnctl/bench_options.h"

#include <CLI/CLI.hpp>

namespace turnctl {
namespace {

// What relaying is measured with, and nothing else.
constexpr const char* kOfRelaying[] = {"--rate", "--size", "--burst", "--direction", "--indications"};

CLI::Option* add(CLI::App& command, const char* name, auto& value, const char* help, const char* type) {
  return command.add_option(name, value, help)->type_name(type);
}

void add_load(CLI::App& command, BenchRequest& request) {
  add(command, "--allocations", request.allocations, "How many clients (10)", "N");
  add(command, "--rate", request.rate, "Packets a second over all of them; without it as many as arrive", "N");
  add(command, "--size", request.sizes, "Bytes of payload, several in turn: 1200,172 (1200)", "N,N");
  add(command, "--burst", request.burst, "Packets that a client sends together (1)", "N")->check(CLI::Range(1, 64));
  add(command, "--window", request.window, "Packets of one way at once, without --rate (32)", "N")
      ->check(CLI::Range(1, 4096));
  add(command, "--direction", request.direction, "up: clients to peers; down: peers to clients; both (both)", "WHICH")
      ->check(CLI::IsMember({"up", "down", "both"}));
  command.add_flag("--indications", request.indications, "Send and Data indications instead of channels");
  add(command, "--duration", request.duration, "100ms to 4m (5s)", "DURATION");
  add(command, "--peer", request.peer, "Peers on this address of this machine; without it the clients are each other's",
      "IP");
  add(command, "--pid", request.pid, "The server's process, when it runs here: tells what a packet costs it", "PID");
}

}  // namespace

void add_bench_options(CLI::App& command, BenchRequest& request) {
  add_load(command, request);
  CLI::Option* const cycles = command.add_flag(
      "--cycles", request.cycles, "Allocations instead of packets: made, given a channel and ended again and again");
  CLI::Option* const bindings =
      command.add_flag("--bindings", request.bindings, "STUN Binding requests instead of packets, over UDP");
  cycles->excludes(bindings)->excludes(command.get_option("--window"));
  bindings->excludes(command.get_option("--peer"));
  for (const char* const name : kOfRelaying)
    for (CLI::Option* const instead : {cycles, bindings}) instead->excludes(command.get_option(name));
}

}  // namespace turnctl
