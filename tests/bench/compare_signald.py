#!/usr/bin/python3
"""Measures signald beside Node's `ws` and `socket.io` and a bare epoll server, in a network namespace of its own.

The servers run in turn (A B A B ...) on one core, each scenario on a fresh process with a fresh database; signald_load plays
all clients on another core. Printed is a Markdown table: medians, and medians of the first server's ratios to the others.
`us` is CPU time of the server's process per unit: an answer, a delivery, a relayed message, a whole connection. p50 and p99
are microseconds, KB is memory per connection. Both processors should have nothing else to do. Every run is bounded, and only
what was started here is ended.

The peers need Node 20 and their packages, once: ninja -C build/release bench_peers. ws-group and socketio-group commit
together what one turn of their event loop brought.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

import side_by_side
from side_by_side import Results, Server

ADDRESS, PORT, TLS_PORT = "127.0.0.1", 8080, 8443
MUST_BE_ZERO = ("lost", "misdelivered", "failed", "refused")
NODE_COLLECTS = 12  # SIGUSR2
DIALECTS = {"signald": "signald", "ws": "signald", "ws-group": "signald", "bare": "bare",
            "signald-sio": "socketio", "socketio": "socketio", "socketio-group": "socketio"}


@dataclasses.dataclass(frozen=True)
class Scenario:
    """`load` is the scenario and the options of signald_load."""

    name: str
    what: str
    load: str
    figures: tuple = ("us", "per s")
    clients: int = 0
    rooms: int = 0
    members: int = 1

    def suits(self, server):
        if server == "bare":
            return "--stored" not in self.load and not self.load.startswith("chat")
        if server == "signald-sio":  # over Socket.IO signald has one lobby, where nobody is resumed
            return self.rooms <= 1 or self.load.startswith(("signal", "connect"))
        return not (DIALECTS[server] == "socketio" and self.load.startswith("storm"))


MEMORY = ("KB", "empty MB")
LATENCY = ("us", "p50", "p99")
STORED = ("us", "per s", "p99")
SCENARIOS = [
    Scenario("idle", "8,000 idle connections", "idle", MEMORY, clients=8000),
    Scenario("idle-tls", "3,000 idle TLS connections", "idle --tls", MEMORY, clients=3000),
    Scenario("echo", "500 clients, a ping each", "echo", clients=500),
    Scenario("echo-w16", "50 clients, 16 pings each at once", "echo --window 16", clients=50),
    Scenario("echo-tls", "500 TLS clients, a ping each", "echo --tls", clients=500),
    Scenario("echo-rate", "1,000 clients, 5,000 pings a second", "echo --rate 5000", LATENCY, clients=1000),
    Scenario("fan4", "100 rooms of 4", "fanout --size 200", rooms=100, members=4),
    Scenario("fan50", "10 rooms of 50", "fanout --size 200", rooms=10, members=50),
    Scenario("fan500", "a room of 499 guests, 4 messages at once", "fanout --size 200 --window 4", rooms=1, members=499),
    Scenario("lobby50", "a room of 50, 4 messages at once", "fanout --size 200 --window 4", rooms=1, members=50),
    Scenario("fan50-tls", "10 rooms of 50 over TLS", "fanout --size 200 --tls", rooms=10, members=50),
    Scenario("fan50-rate", "10 rooms of 50, 25,000 deliveries a second", "fanout --size 200 --rate 500", LATENCY,
             rooms=10, members=50),
    Scenario("fan50-chat", "10 rooms of 50, stored lines of chat", "fanout --size 200 --stored", rooms=10, members=50),
    Scenario("signal", "100 pairs: offers, answers, candidates", "signal", rooms=100, members=2),
    Scenario("chat", "durable chat: 64 rooms, 2 lines each at once", "chat --size 160 --window 2", STORED, rooms=64),
    Scenario("chat-lobby", "durable chat: one room, 128 lines at once", "chat --size 160 --window 128", STORED, rooms=1),
    Scenario("connect", "64 at once: connect, join, leave", "connect --addresses 64", clients=64, rooms=64),
    Scenario("connect-tls", "the same over TLS, full handshakes", "connect --addresses 64 --tls", clients=64, rooms=64),
    Scenario("connect-ticket", "the same, sessions resumed", "connect --addresses 64 --tls --tickets", clients=64,
             rooms=64),
    Scenario("storm", "2,000 clients in rooms of 4 cut off at once, all resumed", "storm --opening 500", rooms=500,
             members=4),
    Scenario("rest", "GET over 64 connections", "rest", clients=64),
]
SMOKE = ("idle", "echo-w16", "echo-tls", "lobby50", "signal", "chat-lobby", "connect", "storm", "rest")


def smaller(scenario):
    """The same with a handful of clients."""
    return dataclasses.replace(scenario, clients=min(scenario.clients, 20), rooms=min(scenario.rooms, 4),
                               members=min(scenario.members, 10), load=scenario.load.replace("128", "16"))


class Servers:
    """Starts the servers by name, each with a folder of its own."""

    def __init__(self, programs, peers, folder):
        self._programs, self._peers, self._folder = programs, peers, folder
        self._certificate, self._key = side_by_side.make_certificate(folder, ADDRESS)
        self._count = 0

    def start(self, name):
        self._count += 1
        folder = self._folder / f"{self._count}-{name}"
        folder.mkdir()
        command = {"signald": self._signald, "signald-sio": self._signald, "bare": self._bare}.get(name, self._node)
        ports = {("tcp", PORT), ("tcp", TLS_PORT)}
        return Server(command(name, folder), ports, folder / "log", environment={"STATE_DIRECTORY": str(folder)})

    def _signald(self, _name, folder):
        """Without limits, with its defaults for everything else."""
        rates = ("login", "join", "meeting_password", "meetings", "turn_credentials", "sockets_per_ip", "sockets_per_user",
                 "rate_total", "rate_chat", "rate_candidates", "rate_join", "rate_stats", "rate_data")
        configuration = {
            "listen": [f"http://{ADDRESS}:{PORT}", f"https://{ADDRESS}:{TLS_PORT}"],
            "public_url": f"http://{ADDRESS}:{PORT}",
            "tls": {"certificate": str(self._certificate), "key": str(self._key)},
            "limits": dict.fromkeys(rates, 0),
            "log": {"level": "warning"},
        }
        file = folder / "signald.yaml"
        file.write_text(json.dumps(configuration))
        return [self._programs / "signald", "--config", file]

    def _bare(self, _name, _folder):
        return [self._programs / "bare_server", "--address", ADDRESS, "--port", PORT, "--tls-port", TLS_PORT,
                "--certificate", self._certificate, "--key", self._key]

    def _node(self, name, folder):
        kind, _, commit = name.partition("-")
        return ["node", "--expose-gc", self._peers / "server.mjs", "--kind", kind, "--host", ADDRESS, "--port", PORT,
                "--tls-port", TLS_PORT, "--cert", self._certificate, "--key", self._key, "--db", folder / "chat.db",
                "--commit", "turn" if commit else "each"]


class Load:
    """Runs scenarios with signald_load."""

    def __init__(self, servers, programs, options):
        self._servers, self._program, self._options = servers, programs / "signald_load", options

    def measure(self, scenario, name):
        if self._options.smoke:
            scenario = smaller(scenario)
        server = self._servers.start(name)
        try:
            run = side_by_side.run_load(self._command(scenario, name, server), self._options.duration + 150)
            if "resumed" in run and DIALECTS[name] == "signald":
                run["lost"] += run["units"] - run["resumed"]
            return figures_of(run)
        finally:
            server.stop()

    def _command(self, scenario, name, server):
        command = [self._program, *scenario.load.split(), "--dialect", DIALECTS[name], "--host", ADDRESS, "--port",
                   TLS_PORT if "--tls" in scenario.load else PORT, "--pid", server.pid, "--duration", self._options.duration,
                   "--warm-up", min(1, self._options.duration)]
        if scenario.clients:
            command += ["--clients", scenario.clients]
        if scenario.rooms:
            command += ["--rooms", scenario.rooms, "--members", scenario.members]
        if DIALECTS[name] != "bare" and not name.startswith("signald"):
            command += ["--collect-signal", NODE_COLLECTS]
        return command if self._options.smoke else [*command, "--spin"]


def figures_of(run):
    figures = {"us": run.get("cost_us"), "per s": run.get("per_second"), "p50": run.get("p50_us"),
               "p99": run.get("p99_us"), **{key: run.get(key) for key in ("units", *MUST_BE_ZERO)}}
    if "bytes_per_client" in run:
        figures |= {"KB": run["bytes_per_client"] / 1000, "empty MB": run["empty_bytes"] / 1e6, "us": run["set_up_us"]}
    return figures


def allow_many_connections():
    """In this namespace alone."""
    for name, value in (("ipv4/ip_local_port_range", "2048 65000"),
                        ("ipv4/ip_local_reserved_ports", f"{PORT},{TLS_PORT}"), ("core/somaxconn", "8192")):
        try:
            pathlib.Path("/proc/sys/net", name).write_text(value, encoding="ascii")
        except OSError as error:
            print(f"net/{name} stays as it is: {error.strerror}", file=sys.stderr)


def check_smoke(results, scenarios, servers):
    return [f"{scenario.name}, {server}: no figures" for scenario in scenarios for server in servers
            if scenario.suits(server) and not (results.median(scenario.name, server, "units") and
                                               results.median(scenario.name, server, "us"))]


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("build/release/bin"),
                        help="the folder with signald, signald_load and bare_server (build/release/bin)")
    parser.add_argument("--peers", type=pathlib.Path, help="the folder of bench_peers (beside the programs)")
    parser.add_argument("--servers", default="signald,ws,bare",
                        help="of " + ", ".join(DIALECTS) + "; the first is compared to the others")
    return side_by_side.parse_run(parser, SCENARIOS, SMOKE, rounds=3)


def main():
    options = parse_options()
    side_by_side.enter_namespace()
    allow_many_connections()
    servers = side_by_side.chosen(options.servers, tuple(DIALECTS), "server")
    programs = options.programs.resolve()
    peers = (options.peers or programs.parent / "bench_peers").resolve()
    if not (peers / "node_modules").is_dir():
        servers = [name for name in servers if name == "bare" or name.startswith("signald")]
        print(f"the Node peers are left out: {peers} has no packages", file=sys.stderr)
    names = side_by_side.chosen(options.only, [scenario.name for scenario in SCENARIOS], "scenario")
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names]
    results = Results(options.out)
    with side_by_side.closing_all() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compare-signald-")))
        load = Load(Servers(programs, peers, folder), programs, options)
        failures = side_by_side.rounds_of(results, options.rounds, scenarios, servers, load.measure)
    side_by_side.print_table(results, scenarios, servers)
    faults = results.faults(MUST_BE_ZERO)
    if options.smoke:
        faults += check_smoke(results, scenarios, servers)
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults or failures else 0


if __name__ == "__main__":
    sys.exit(main())
