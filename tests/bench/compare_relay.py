#!/usr/bin/python3
"""Measures turnd beside coturn: each on one core in a network namespace, `turnctl bench` on another core in a second one.

The servers run in turn (turnd, coturn, turnd, coturn, ...), each scenario on a fresh process. Printed is a Markdown table:
medians, and medians of the ratios of the pairs. `us` is CPU time of the server's process per relayed packet, cycle or
Binding; with --steer it is `core us`, all that the server's processor did. p50, p99 and p99.9 are microseconds from the call
that sends to the call that receives, or of a whole cycle; KB is memory per allocation, `idle us` CPU time per allocation and
second while they do nothing. Beside the table stand the latencies that are above a peer's, and the rows of README.md.

Both processors should have nothing else to do. `flood` and `crowd`, which load a third one where there is one, run when they
are named by --only, `crowd` also in a short run. The run fails when turnd loses more than 0.1 % of calls beside a flood, when a
core's engine work deals with less than a million strangers' packets a second, and when a call pauses for more than 50 ms
beside the crowd. Nothing leaves the namespaces, every run is bounded, and only what was started here is ended.
"""

import argparse
import dataclasses
import json
import pathlib
import shutil
import sys
import tempfile

import beside
import relay_report
import side_by_side
from crowd import Crowd
from relay_scenarios import BESIDE, SCENARIOS, SMOKE
from side_by_side import OTHER_CORE, FarNamespace, Results, Server
from strangers import Strangers

USER, PASSWORD, REALM = "bench", "bench", "bench.example"
PORT, TLS_PORT = 3478, 5349
MOST_LOSS = 0.001
MOST_PAUSE = 0.05
IDLE_SECONDS = 10
SMOKE_RATE, SMOKE_IDLE_RATE = 1000, 100
SMOKE_ALLOCATIONS = 10


class Servers:
    """Starts the servers by name."""

    def __init__(self, programs, coturn, far, folder):
        self._programs, self._coturn, self._far, self._folder = programs, coturn, far, folder
        self.certificate, self._key = side_by_side.make_certificate(folder, far.FAR)

    def start(self, name, more_relays=()):
        relays = [self._far.FAR, *more_relays]
        command, environment = self._coturn_command(relays) if name == "coturn" else self._turnd_command(name, relays)
        ports = {("udp", PORT), ("tcp", PORT), ("tcp", TLS_PORT)}
        return Server(command, ports, self._folder / f"{name}.log", enter=self._far.enter, environment=environment)

    def _turnd_command(self, name, relays):
        ip = self._far.FAR
        configuration = {
            "realm": REALM,
            "listen": [f"udp://{ip}:{PORT}", f"tcp://{ip}:{PORT}", f"tls://{ip}:{TLS_PORT}"],
            "relay": {"addresses": relays, "ports": "1025-65535"},
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

    def _coturn_command(self, relays):
        """Its defaults, but for one thread and no database."""
        ip = self._far.FAR
        return [self._coturn, "-n", "-m", "1", f"--listening-ip={ip}", *(f"--relay-ip={each}" for each in relays),
                f"--listening-port={PORT}",
                f"--tls-listening-port={TLS_PORT}", "--lt-cred-mech", f"--user={USER}:{PASSWORD}", f"--realm={REALM}",
                f"--cert={self.certificate}", f"--pkey={self._key}", "--min-port=1025", "--max-port=65535",
                f"--log-file={self._folder / 'coturn.out'}", "--simple-log", f"--pidfile={self._folder / 'coturn.pid'}",
                f"--userdb={self._folder / 'coturn.db'}"], {}


class Bench:
    """Runs scenarios with turnctl bench."""

    def __init__(self, servers, programs, folder, options, strangers=None, crowd=None):
        self._servers, self._turnctl, self._options = servers, programs / "turnctl", options
        self._strangers, self._crowd = strangers, crowd
        self._password = folder / "password"
        self._password.write_text(PASSWORD)

    def measure(self, scenario, name):
        server = self._servers.start(name, self._crowd.relays if scenario.kind == "crowd" else ())
        try:
            if scenario.kind == "no-drop":
                return self._most_without_loss(scenario, server)
            if scenario.kind == "flood":
                return self._beside_a_flood(scenario, server, name)
            if scenario.kind == "crowd":
                return self._beside_a_crowd(scenario, server, name)
            if scenario.kind == "memory":
                return self._idle(scenario, server)
            run = self._load(scenario, server, scenario.rate, self._options.duration)
            return figures_of_each(run, scenario.kind) if scenario.kind in ("cycle", "binding") else figures_of(run)
        finally:
            server.stop()

    def _load(self, scenario, server, rate, seconds):
        allocations = scenario.allocations
        if self._options.smoke:
            rate, allocations = min(rate, SMOKE_RATE), min(allocations, SMOKE_ALLOCATIONS)
        command = self._command(scenario, server, allocations, rate, seconds, FarNamespace.OURS[1])
        return side_by_side.run_load(command, seconds + 60)

    def _command(self, scenario, server, allocations, rate, seconds, peer):
        uri = {"udp": f"turn:{FarNamespace.FAR}:{PORT}", "tcp": f"turn:{FarNamespace.FAR}:{PORT}?transport=tcp",
               "tls": f"turns:{FarNamespace.FAR}:{TLS_PORT}"}[scenario.transport]
        command = [self._turnctl, "--json", "bench", uri, "--user", USER, "--password-file", self._password, "--pid",
                   server.pid, "--allocations", allocations, "--duration", f"{round(seconds * 1000)}ms",
                   *scenario.load.split()]
        if scenario.kind != "binding":
            command += ["--peer", peer]
        if scenario.transport == "tls":
            command += ["--ca", self._servers.certificate]
        return [*command, "--rate", rate] if rate else command

    def _idle(self, scenario, server):
        """While hardly a packet comes; CPU time of those few is counted too."""
        smoke = self._options.smoke
        seconds = self._options.duration if smoke else max(IDLE_SECONDS, self._options.duration)
        run = self._load(scenario, server, SMOKE_IDLE_RATE if smoke else scenario.rate, seconds)
        idle = run["server_cost"]["cpu_seconds"] / run["duration"] / run["allocations"]
        return {**figures_of(run), "idle us": idle * 1e6}

    def _beside_a_flood(self, scenario, server, name):
        """Loss above what may be is a fault of turnd's."""
        wanted = beside.SMOKE_FLOOD if self._options.smoke else self._options.flood
        load = lambda: self._load(scenario, server, scenario.rate, self._options.duration)
        run, rate = beside.a_flood(self._strangers, load, (FarNamespace.FAR, PORT), wanted)
        process, processor = beside.cost_of_any(run, rate)
        excess = run["loss"] if run["loss"] > MOST_LOSS and name.startswith("turnd") else 0
        return {**figures_of(run), "us": process * 1e6, "core us": processor * 1e6, "loss %": run["loss"] * 100,
                "flood kpps": rate / 1000, "lost beside strangers": excess}

    def _beside_a_crowd(self, scenario, server, name):
        """The longest pause is the longest latency of a packet of the call; one of turnd's may be too long."""
        crowd = self._crowd
        call = lambda seconds: self._load(scenario, server, scenario.rate, seconds)
        comers = lambda sessions, place: side_by_side.run_load(
            [*crowd.entering(place), *self._command(scenario, server, sessions, 100, crowd.seconds, place.address)],
            crowd.call_seconds + 60, OTHER_CORE)
        run = crowd.beside(call, comers)
        longest = run["latency"]["max"]
        excess = longest > MOST_PAUSE and name.startswith("turnd") and not self._options.smoke
        return {**figures_of(run), "longest ms": longest * 1e3, "sessions": crowd.sessions,
                "ms of pause beside the crowd": longest * 1e3 if excess else 0}

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
    return {"us": cost["cpu_seconds_per_packet"] * 1e6, "core us": cost["processors_seconds_per_packet"] * 1e6,
            "kpps": run["packets_per_second"] / 1000,
            "p50": latency["p50"] * 1e6, "p99": latency["p99"] * 1e6, "p99.9": latency["p999"] * 1e6,
            "KB": cost["bytes_per_allocation"] / 1000, "set-up us": cost["set_up_cpu_seconds_per_allocation"] * 1e6,
            "loss": run["loss"], "received": run["received"], "strange": run["strange"],
            "broken": run["broken_connections"]}


def figures_of_each(run, what):
    """Of requests: cycles or Bindings."""
    cost, latency = run["server_cost"], run["latency"]
    return {"us": cost[f"cpu_seconds_per_{what}"] * 1e6, "core us": cost[f"processors_seconds_per_{what}"] * 1e6,
            "per second": run[f"{what}s_per_second"],
            "p50": latency["p50"] * 1e6, "p99": latency["p99"] * 1e6, "p99.9": latency["p999"] * 1e6,
            "received": run[f"{what}s"], "loss": run.get("loss", 0), "strange": run.get("strange", 0),
            "failed": run.get("failed", 0)}


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("build/release/bin"),
                        help="the folder with turnd and turnctl (build/release/bin)")
    parser.add_argument("--coturn", default=shutil.which("turnserver"), help="coturn's turnserver (found in PATH)")
    parser.add_argument("--servers", default="turnd,coturn",
                        help="of turnd, turnd-offload, turnd-coalesce, coturn; the first is compared to the others")
    parser.add_argument("--crowd", type=int, default=100_000, metavar="SESSIONS",
                        help="that come and end in the scenario crowd, if as many files may be open (100000)")
    parser.add_argument("--flood", type=int, default=100_000, metavar="RATE",
                        help="packets a second of strangers in the scenario flood (100000)")
    parser.add_argument("--steer", choices=("none", "rps"), default="none",
                        help="rps: the kernel receives each side's packets on that side's core")
    return side_by_side.parse_run(parser, SCENARIOS, SMOKE, rounds=5)


def chosen_scenarios(options):
    ordinary = ",".join(scenario.name for scenario in SCENARIOS if scenario.kind not in BESIDE)
    names = side_by_side.chosen(options.only or ordinary, [scenario.name for scenario in SCENARIOS], "scenario")
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names]
    if options.steer == "none":
        return scenarios
    # The kernel receives in interrupts, which no process pays for.
    steered = lambda figures: tuple("core us" if figure == "us" else figure for figure in figures)
    return [dataclasses.replace(each, figures=steered(each.figures)) for each in scenarios]


def measure(options, servers, scenarios, results):
    """What could not be measured, and what is said beside the table."""
    notes = []
    with side_by_side.closing_all() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="compare-relay-")))
        far = FarNamespace(options.steer)
        stack.callback(far.close)
        kinds = {scenario.kind for scenario in scenarios}
        strangers = Strangers(far) if "flood" in kinds else None
        crowd = Crowd(far, options.crowd, options.smoke) if "crowd" in kinds else None
        for each in filter(None, (strangers, crowd)):
            stack.callback(each.close)
        programs = options.programs.resolve()
        bench = Bench(Servers(programs, options.coturn, far, folder), programs, folder, options, strangers, crowd)
        failures = side_by_side.rounds_of(results, options.rounds, scenarios, servers, bench.measure)
    if crowd:
        notes.append(crowd.said())
    if not far.cuts_early:
        notes.append("without ethtool the kernel may cut GSO messages late: turnd looks cheaper than on a network card")
    return failures, notes


def main():
    options = parse_options()
    side_by_side.enter_namespace()
    servers = side_by_side.chosen(options.servers, ("turnd", "turnd-offload", "turnd-coalesce", "coturn"), "server")
    if not options.coturn and "coturn" in servers:
        print("coturn is left out: there is no turnserver; name it with --coturn", file=sys.stderr)
        servers.remove("coturn")
    scenarios = chosen_scenarios(options)
    results = Results(options.out, steer=options.steer)
    failures, notes = measure(options, servers, scenarios, results)
    side_by_side.print_table(results, scenarios, servers)
    faults = results.faults(("strange", "broken", "failed", "lost beside strangers", "ms of pause beside the crowd"))
    if options.smoke:
        faults += relay_report.check_smoke(results, scenarios, servers)
    else:
        relay_report.print_rows_of_readme(results, servers, options)
        notes += relay_report.latencies_above(results, scenarios, servers)
        if any(scenario.kind == "flood" for scenario in scenarios):
            floods = beside.floods_of_the_engine(options.programs.resolve())
            notes += relay_report.said_of_floods(floods)
            faults += [] if floods is None else beside.too_slow(floods)
    print("\n".join(["", *notes] if notes else []))
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults or failures else 0


if __name__ == "__main__":
    sys.exit(main())
