#!/usr/bin/python3
"""Measures turnd beside coturn: each on one core in a network namespace, `turnctl bench` on another core in a second one.

The servers run in turn (turnd, coturn, turnd, coturn, ...), each scenario on a fresh process. Printed is a Markdown table:
medians, and medians of the ratios of the pairs. `us` is CPU time of the server's process per relayed packet, cycle or
Binding; with --steer it is `core us`, all that the server's processor did. p50 and p99 are microseconds from the call that
sends to the call that receives, or of a whole cycle; KB is memory per allocation. Both processors should have nothing else
to do; `flood` and `crowd`, which load a third one beside them, run when they are named by --only, and say what is lost and
the longest pause. Nothing leaves the namespaces, every run is bounded, and only what was started here is ended.
"""

import argparse
import dataclasses
import json
import pathlib
import shutil
import sys
import tempfile

import beside
import side_by_side
from side_by_side import OTHER_CORE, FarNamespace, Results, Server
from strangers import Strangers

USER, PASSWORD, REALM = "bench", "bench", "bench.example"
PORT, TLS_PORT = 3478, 5349
MOST_LOSS = 0.001
SMOKE_RATE = 1000
SMOKE_ALLOCATIONS = 10


@dataclasses.dataclass(frozen=True)
class Scenario:
    """`load` are options of turnctl bench."""

    name: str
    what: str
    figures: tuple
    allocations: int
    load: str = ""
    rate: int = 0  # packets a second; 0: as many as arrive
    transport: str = "udp"
    kind: str = "load"  # or "memory", "no-drop", "flood", "crowd", and what is counted: "cycle", "binding"

    def suits(self, _server):
        return True


BESIDE = ("flood", "crowd")
MOST = ("us", "kpps")
RATE = ("us", "p50", "p99")
EACH = ("us", "per second", "p50", "p99")
CALL = "--size 1200,1200,1200,1200,1200,172"
SCENARIOS = [
    Scenario("flow-up", "one client to its peer, 1200 bytes, bursts of 16", MOST, 1,
             "--direction up --burst 16 --window 128"),
    Scenario("flow-up-172", "the same, 172 bytes", MOST, 1, "--direction up --burst 16 --window 128 --size 172"),
    Scenario("flow-down", "a peer to its client, 1200 bytes, bursts of 16", MOST, 1,
             "--direction down --burst 16 --window 128"),
    Scenario("indications", "Send and Data indications, one client, both ways, bursts of 16", MOST, 1,
             "--indications --burst 16 --window 64"),
    Scenario("bursts-100", "100 allocations, both ways, bursts of 8", MOST, 100, "--burst 8 --window 8"),
    Scenario("singles-100", "100 allocations, both ways, single packets", MOST, 100, "--window 1"),
    Scenario("no-drop", "10 allocations, both ways, bursts of 4: most with a loss up to 0.1 %", ("kpps",), 10, "--burst 4",
             kind="no-drop"),
    Scenario("calls-20", "20 calls (audio and video both ways, 12,000 packets a second)", RATE, 20, CALL, 12_000),
    Scenario("calls-50", "50 calls (30,000 packets a second)", RATE, 50, CALL, 30_000),
    Scenario("calls-100", "100 calls (60,000 packets a second)", RATE, 100, CALL, 60_000),
    Scenario("flows-1000", "1,000 flows of audio (50,000 packets a second)", RATE, 500, "--size 172", 50_000),
    Scenario("tcp-up", "10 TCP clients to peers", MOST, 10, "--direction up --burst 4 --window 12", transport="tcp"),
    Scenario("tcp-down", "peers to 10 TCP clients", MOST, 10, "--direction down --burst 4 --window 12", transport="tcp"),
    Scenario("tls-up", "10 TLS clients to peers", MOST, 10, "--direction up --burst 4 --window 12", transport="tls"),
    Scenario("tls-down", "peers to 10 TLS clients", MOST, 10, "--direction down --burst 4 --window 12", transport="tls"),
    Scenario("tls-calls", "20 calls over TLS", RATE, 20, CALL, 12_000, transport="tls"),
    Scenario("idle", "an idle allocation with a channel", ("KB", "set-up us"), 2000, "", 100, kind="memory"),
    Scenario("idle-tls", "an idle TLS client with an allocation", ("KB", "set-up us"), 500, "", 100, transport="tls",
             kind="memory"),
    Scenario("cycles-udp", "cycles of Allocate, 401, Allocate, CreatePermission, ChannelBind, Refresh 0; 32 at once", EACH,
             32, "--cycles", kind="cycle"),
    Scenario("cycles-tcp", "the same, each over a TCP connection of its own", EACH, 32, "--cycles", transport="tcp",
             kind="cycle"),
    Scenario("cycles-tls", "the same over TLS, each with a full handshake; 16 at once", EACH, 16, "--cycles", transport="tls",
             kind="cycle"),
    Scenario("bindings", "STUN Binding, 16 clients with 4 requests at once", EACH, 16, "--bindings --window 4",
             kind="binding"),
    Scenario("flood", "20 calls beside a flood of strangers with made up sources; 0.1 % may be lost",
             ("loss %", "p50", "p99", "flood kpps"), 20, CALL, 12_000, kind="flood"),
    Scenario("crowd", "a call while as many sessions as there may be open files are set up and end",
             ("longest ms", "p50", "p99", "sessions"), 2, "--size 1200", 1000, kind="crowd"),
]
SMOKE = ("flow-up", "indications", "bursts-100", "calls-20", "tcp-up", "tls-down", "idle-tls", "cycles-udp", "cycles-tls",
         "bindings")


class Servers:
    """Starts the servers by name."""

    def __init__(self, programs, coturn, far, folder):
        self._programs, self._coturn, self._far, self._folder = programs, coturn, far, folder
        self.certificate, self._key = side_by_side.make_certificate(folder, far.FAR)

    def start(self, name):
        command, environment = self._coturn_command() if name == "coturn" else self._turnd_command(name)
        ports = {("udp", PORT), ("tcp", PORT), ("tcp", TLS_PORT)}
        return Server(command, ports, self._folder / f"{name}.log", enter=self._far.enter, environment=environment)

    def _turnd_command(self, name):
        ip = self._far.FAR
        configuration = {
            "realm": REALM,
            "listen": [f"udp://{ip}:{PORT}", f"tcp://{ip}:{PORT}", f"tls://{ip}:{TLS_PORT}"],
            "relay": {"addresses": [ip], "ports": "1025-65535"},
            "tls": {"certificate": str(self.certificate), "key": str(self._key)},
            "auth": {"users": {USER: {"password": PASSWORD}}},
            "peers": {"allow": [FarNamespace.NETWORK]},
            "limits": {"allocations_per_user": 0, "allocations_per_ip": 0, "challenges_per_ip": 0},
            "workers": 1,
            "offload": "auto" if name == "turnd-offload" else "off",
            "control": {"socket": str(self._folder / f"{name}.sock")},
            "metrics": {"address": ""},
            "log": {"level": "warning"},
        }
        if name == "turnd-coalesce":
            configuration["relay"]["coalesce"] = "100us"
        file = self._folder / f"{name}.yaml"
        file.write_text(json.dumps(configuration))
        return [self._programs / "turnd", "--config", file], {"STATE_DIRECTORY": str(self._folder / f"{name}.state")}

    def _coturn_command(self):
        """Its defaults, but for one thread and no database."""
        ip = self._far.FAR
        return [self._coturn, "-n", "-m", "1", f"--listening-ip={ip}", f"--relay-ip={ip}", f"--listening-port={PORT}",
                f"--tls-listening-port={TLS_PORT}", "--lt-cred-mech", f"--user={USER}:{PASSWORD}", f"--realm={REALM}",
                f"--cert={self.certificate}", f"--pkey={self._key}", "--min-port=1025", "--max-port=65535",
                f"--log-file={self._folder / 'coturn.out'}", "--simple-log", f"--pidfile={self._folder / 'coturn.pid'}",
                f"--userdb={self._folder / 'coturn.db'}"], {}


class Bench:
    """Runs scenarios with turnctl bench."""

    def __init__(self, servers, programs, folder, options, strangers=None):
        self._strangers = strangers
        self._servers, self._turnctl, self._options = servers, programs / "turnctl", options
        self._password = folder / "password"
        self._password.write_text(PASSWORD)

    def measure(self, scenario, name):
        server = self._servers.start(name)
        try:
            if scenario.kind == "no-drop":
                return self._most_without_loss(scenario, server)
            if scenario.kind == "flood":
                return self._beside_a_flood(scenario, server, name)
            if scenario.kind == "crowd":
                return self._beside_a_crowd(scenario, server)
            run = self._load(scenario, server, scenario.rate, self._options.duration)
            return figures_of_each(run, scenario.kind) if scenario.kind in ("cycle", "binding") else figures_of(run)
        finally:
            server.stop()

    def _load(self, scenario, server, rate, seconds, core=side_by_side.LOAD_CORE):
        uri = {"udp": f"turn:{FarNamespace.FAR}:{PORT}", "tcp": f"turn:{FarNamespace.FAR}:{PORT}?transport=tcp",
               "tls": f"turns:{FarNamespace.FAR}:{TLS_PORT}"}[scenario.transport]
        allocations = scenario.allocations
        if self._options.smoke:
            rate, allocations = min(rate, SMOKE_RATE), min(allocations, SMOKE_ALLOCATIONS)
        command = [self._turnctl, "--json", "bench", uri, "--user", USER, "--password-file", self._password, "--pid",
                   server.pid, "--allocations", allocations, "--duration", f"{round(seconds * 1000)}ms",
                   *scenario.load.split()]
        if scenario.kind != "binding":
            command += ["--peer", FarNamespace.OURS[1]]
        if scenario.transport == "tls":
            command += ["--ca", self._servers.certificate]
        if rate:
            command += ["--rate", rate]
        return side_by_side.run_load(command, seconds + 60, core)

    def _beside_a_flood(self, scenario, server, name):
        """Loss above what may be is a fault of turnd's."""
        wanted = beside.SMOKE_FLOOD if self._options.smoke else self._options.flood
        load = lambda: self._load(scenario, server, scenario.rate, self._options.duration)
        run, rate = beside.a_flood(self._strangers, load, (FarNamespace.FAR, PORT), wanted)
        excess = run["loss"] if run["loss"] > MOST_LOSS and name.startswith("turnd") else 0
        return {**figures_of(run), "loss %": run["loss"] * 100, "flood kpps": rate / 1000, "lost beside strangers": excess}

    def _beside_a_crowd(self, scenario, server):
        """The longest pause is the longest latency of a packet of the call."""
        call = lambda seconds: self._load(scenario, server, scenario.rate, seconds)
        comers = lambda sessions: self._load(dataclasses.replace(scenario, allocations=sessions), server, 100, 1, OTHER_CORE)
        run, sessions = beside.a_crowd(call, comers, self._options.smoke)
        return {**figures_of(run), "longest ms": run["latency"]["max"] * 1e3, "sessions": sessions}

    def _most_without_loss(self, scenario, server):
        """Between a tenth and twice of what the closed loop brings, halving seven times."""
        closed = self._load(scenario, server, 0, self._options.duration)
        low, high = 0.1 * closed["packets_per_second"], 2 * closed["packets_per_second"]
        for _ in range(7):
            rate = (low + high) / 2
            run = self._load(scenario, server, rate, self._options.duration / 3)
            kept_up = run["not_sent"] == 0 and run["sent"] >= 0.95 * rate * run["duration"]
            low, high = (rate, high) if kept_up and run["loss"] <= MOST_LOSS else (low, rate)
        return {"kpps": low / 1000, "strange": closed["strange"], "received": closed["received"]}


def figures_of(run):
    cost, latency = run["server_cost"], run["latency"]
    return {"us": cost["cpu_seconds_per_packet"] * 1e6, "core us": cost["processors_seconds_per_packet"] * 1e6, "kpps": run["packets_per_second"] / 1000,
            "p50": latency["p50"] * 1e6, "p99": latency["p99"] * 1e6, "p999": latency["p999"] * 1e6,
            "KB": cost["bytes_per_allocation"] / 1000, "set-up us": cost["set_up_cpu_seconds_per_allocation"] * 1e6,
            "loss": run["loss"], "received": run["received"], "strange": run["strange"],
            "broken": run["broken_connections"]}


def figures_of_each(run, what):
    """Of requests: cycles or Bindings."""
    cost, latency = run["server_cost"], run["latency"]
    return {"us": cost[f"cpu_seconds_per_{what}"] * 1e6, "core us": cost[f"processors_seconds_per_{what}"] * 1e6,
            "per second": run[f"{what}s_per_second"],
            "p50": latency["p50"] * 1e6, "p99": latency["p99"] * 1e6, "p999": latency["p999"] * 1e6,
            "received": run[f"{what}s"], "loss": run.get("loss", 0), "strange": run.get("strange", 0),
            "failed": run.get("failed", 0)}


def check_smoke(results, scenarios, servers):
    """What is wrong with the figures of a short run, whatever the machine had to do meanwhile."""
    faults = []
    for scenario in scenarios:
        for server in servers:
            figure = {key: results.median(scenario.name, server, key) for key in ("us", "p50", "received", "loss")}
            if not figure["received"] or not figure["us"] or not figure["p50"]:
                faults.append(f"{scenario.name}, {server}: no figures: {figure}")
            elif scenario.rate and figure["loss"]:
                faults.append(f"{scenario.name}, {server}: lost: {figure}")
    return faults


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("build/release/bin"),
                        help="the folder with turnd and turnctl (build/release/bin)")
    parser.add_argument("--coturn", default=shutil.which("turnserver"), help="coturn's turnserver (found in PATH)")
    parser.add_argument("--servers", default="turnd,coturn",
                        help="of turnd, turnd-offload, turnd-coalesce, coturn; the first is compared to the others")
    parser.add_argument("--flood", type=int, default=100_000, metavar="RATE",
                        help="packets a second of strangers in the scenario flood (100000)")
    parser.add_argument("--steer", choices=("none", "rps"), default="none",
                        help="rps: the kernel receives each side's packets on that side's core")
    return side_by_side.parse_run(parser, SCENARIOS, SMOKE, rounds=5)


def main():
    options = parse_options()
    side_by_side.enter_namespace()
    servers = side_by_side.chosen(options.servers, ("turnd", "turnd-offload", "turnd-coalesce", "coturn"), "server")
    if not options.coturn and "coturn" in servers:
        print("coturn is left out: there is no turnserver; name it with --coturn", file=sys.stderr)
        servers.remove("coturn")
    ordinary = ",".join(scenario.name for scenario in SCENARIOS if scenario.kind not in BESIDE)
    names = side_by_side.chosen(options.only or ordinary, [scenario.name for scenario in SCENARIOS], "scenario")
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names]
    if options.steer != "none":  # the kernel receives in interrupts, which no process pays for
        scenarios = [dataclasses.replace(each, figures=tuple("core us" if figure == "us" else figure
                                                             for figure in each.figures)) for each in scenarios]
    results = Results(options.out, steer=options.steer)
    with side_by_side.closing_all() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compare-relay-")))
        far = FarNamespace(options.steer)
        stack.callback(far.close)
        programs = options.programs.resolve()
        strangers = Strangers(far) if any(scenario.kind == "flood" for scenario in scenarios) else None
        if strangers:
            stack.callback(strangers.close)
        bench = Bench(Servers(programs, options.coturn, far, folder), programs, folder, options, strangers)
        failures = side_by_side.rounds_of(results, options.rounds, scenarios, servers, bench.measure)
    if not far.cuts_early:
        print("without ethtool the kernel may cut GSO messages late: turnd looks cheaper than on a network card",
              file=sys.stderr)
    side_by_side.print_table(results, scenarios, servers)
    faults = results.faults(("strange", "broken", "failed", "lost beside strangers"))
    if options.smoke:
        faults += check_smoke(results, scenarios, servers)
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults or failures else 0


if __name__ == "__main__":
    sys.exit(main())
