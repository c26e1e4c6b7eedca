"""Servers measured side by side: in turn, each on a core of its own, in namespaces that go away with the processes.

What compare_relay.py and compare_signald.py share."""

import contextlib
import ctypes
import json
import os
import pathlib
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time

START_SECONDS = 60
STOP_SECONDS = 5
INSIDE = "TURND_BENCH_NAMESPACE"
# The server's core, the load's, and that of what goes on beside it; with fewer cores they share them.
SERVER_CORE, LOAD_CORE, OTHER_CORE = (min(core, (os.cpu_count() or 1) - 1) for core in range(3))


def enter_namespace():
    """Starts this program again in a network namespace of its own, from which no packet can leave."""
    if INSIDE not in os.environ:
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", *user, "--net", sys.executable, *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def die_with_parent():
    """For a child: whatever happens to this program, nothing that it started is left behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Namespace:
    """A network namespace that lives as long as the process that holds it."""

    def __init__(self):
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo there; exec sleep 86400"],
                                        stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
        self._holder.stdout.readline()
        self.pid = str(self._holder.pid)
        self.enter = ["nsenter", f"--net=/proc/{self.pid}/ns/net"]

    def run(self, *words):
        """A command in it, which has to succeed."""
        subprocess.run([*self.enter, *words], check=True)

    def close(self):
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()


class FarNamespace(Namespace):
    """The server's: joined to ours by a veth pair."""

    OURS, FAR = ("198.18.0.2", "198.18.0.3"), "198.18.0.1"
    NETWORK = "198.18.0.0/16"  # in which all namespaces of clients and peers are

    def __init__(self, steer="none"):
        """`steer`: with "rps" each end's packets are received on its own core, as from a network card's queue; without
        it the sender's core receives them, which costs no interrupts between cores."""
        super().__init__()
        self._ip("link", "add", "bench0", "type", "veth", "peer", "name", "bench1", "netns", self.pid)
        for address in self.OURS:
            self._ip("address", "add", f"{address}/24", "dev", "bench0")
        self._ip("link", "set", "bench0", "up")
        for far in (["link", "set", "lo", "up"], ["address", "add", f"{self.FAR}/24", "dev", "bench1"],
                    ["link", "set", "bench1", "up"], ["route", "add", "default", "dev", "bench1"]):
            self.run("ip", *far)
        self.cuts_early = self._cut_early()
        if steer == "rps":
            self._steer([], "bench0", LOAD_CORE)
            self._steer(self.enter, "bench1", SERVER_CORE)

    @staticmethod
    def _ip(*arguments):
        subprocess.run(["ip", *arguments], check=True)

    def _cut_early(self):
        """Datagrams of one GSO send cross the pair one by one, as in front of a network card that cannot cut them."""
        if not shutil.which("ethtool"):
            return False
        settings = ["tx-udp-segmentation", "off", "gro", "off"]
        done = [subprocess.run(["ethtool", "-K", "bench0", *settings], capture_output=True, check=False),
                subprocess.run([*self.enter, "ethtool", "-K", "bench1", *settings], capture_output=True, check=False)]
        return all(each.returncode == 0 for each in done)

    @staticmethod
    def _steer(enter, device, core):
        """/sys shows the namespace in which it was mounted: this one is mounted anew, for the shell that writes alone."""
        write = f"mount -t sysfs sysfs /sys && echo {1 << core:x} > /sys/class/net/{device}/queues/rx-0/rps_cpus"
        subprocess.run([*enter, "unshare", "--mount", "sh", "-c", write], check=True)


class Server:
    """A running server on its core. `command` stays in the foreground; `ports` are ("tcp" or "udp", port) to wait for."""

    def __init__(self, command, ports, log, *, enter=(), environment=None):
        self._log = pathlib.Path(log)
        self._enter = list(enter)
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [*enter, "taskset", "-c", str(SERVER_CORE), *map(str, command)], stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, preexec_fn=die_with_parent)
        try:
            self._wait_for(ports)
        except BaseException:
            self.stop()
            raise

    def _wait_for(self, ports):
        deadline = time.monotonic() + START_SECONDS
        while not ports <= self._listening():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.process.args} did not start: {self._log.read_text()[-1000:]}")
            time.sleep(0.05)

    def _listening(self):
        lines = subprocess.run([*self._enter, "ss", "-Hlntu"], capture_output=True, text=True, check=True).stdout
        return {(fields[0], int(fields[4].rpartition(":")[2])) for fields in map(str.split, lines.splitlines())}

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run_load(command, seconds, core=LOAD_CORE):
    """A load generator that prints one line of JSON; it is ended when it takes longer than that."""
    done = subprocess.run(["taskset", "-c", str(core), *map(str, command)], capture_output=True, text=True,
                          timeout=seconds, preexec_fn=die_with_parent, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-500:] or done.stdout.strip()[-500:]}")
    return json.loads(done.stdout)


class Results:
    """Figures by scenario, server and round. A figure is a number; a round pairs what was measured one after the other."""

    def __init__(self, file=None, **about):
        """`about` goes into every line of the file."""
        self._file, self._about = file, about
        self._figures = {}

    def add(self, scenario, server, figures):
        self._figures.setdefault((scenario, server), []).append(figures)
        if self._file:
            with open(self._file, "a", encoding="utf-8") as lines:
                lines.write(json.dumps({"scenario": scenario, "server": server, **self._about, **figures}) + "\n")

    def median(self, scenario, server, figure):
        values = [each[figure] for each in self._figures.get((scenario, server), []) if each.get(figure) is not None]
        return statistics.median(values) if values else None

    def ratio(self, scenario, server, other, figure):
        """The median of the ratios of the pairs."""
        pairs = zip(self._figures.get((scenario, server), []), self._figures.get((scenario, other), []))
        ratios = [mine[figure] / its[figure] for mine, its in pairs if mine.get(figure) and its.get(figure)]
        return statistics.median(ratios) if ratios else None

    def faults(self, figures):
        """Of the figures that have to be zero, those that are not."""
        return [f"{scenario}, {server}: {figure} {each[figure]}" for (scenario, server), rounds in self._figures.items()
                for each in rounds for figure in figures if each.get(figure)]


def text_of(value):
    """Three figures that count."""
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def rounds_of(results, rounds, scenarios, servers, measure):
    """Measures all servers one after the other, and that again: A B A B. A failure is told and leaves a gap."""
    failures = 0
    for number in range(rounds):
        for scenario in scenarios:
            for server in servers:
                if not scenario.suits(server):
                    continue
                print(f"round {number + 1}: {scenario.name}, {server}", file=sys.stderr, flush=True)
                try:
                    results.add(scenario.name, server, measure(scenario, server))
                except (RuntimeError, subprocess.TimeoutExpired) as failure:
                    failures += 1
                    print(f"  failed: {failure}", file=sys.stderr)
                    results.add(scenario.name, server, {})
    return failures


def parse_run(parser, scenarios, smoke, rounds):
    """The options of `parser` and those of every comparison: what to run, how often and how long."""
    parser.add_argument("--only", default="", help="scenarios, with commas: " + ", ".join(s.name for s in scenarios))
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--duration", type=float, default=3, metavar="SECONDS", help="of each measurement (3)")
    parser.add_argument("--out", help="append every run to this file, as JSON a line")
    parser.add_argument("--smoke", action="store_true", help="a short run that checks that figures come out, not which")
    options = parser.parse_args()
    if options.smoke:
        options.rounds, options.duration, options.only = 1, 0.3, options.only or ",".join(smoke)
    return options


def chosen(names, available, what):
    """The names of a comma-separated list, each of which has to exist."""
    if not names:
        return list(available)
    unknown = [name for name in names.split(",") if name not in available]
    if unknown:
        sys.exit(f"there is no {what} {', '.join(unknown)}; there are {', '.join(available)}")
    return names.split(",")


@contextlib.contextmanager
def closing_all():
    """What is entered into it is closed at the end, also at SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as stack:
        yield stack


def make_certificate(folder, address):
    """A certificate that signed itself, for that address; its file and the key's."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=bench",
                    "-addext", f"subjectAltName=IP:{address}"], check=True, capture_output=True)
    return certificate, key


def print_table(results, scenarios, servers):
    """One row a scenario, its figures behind each other: medians, then the first server's ratios to the others."""
    first, others = servers[0], servers[1:]
    heads = ["scenario", "figures", *servers, *(f"{first} / {other}" for other in others)]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for scenario in scenarios:
        medians = ["; ".join(text_of(results.median(scenario.name, server, key)) for key in scenario.figures)
                   for server in servers]
        ratios = ["; ".join(text_of(results.ratio(scenario.name, first, other, key)) for key in scenario.figures)
                  for other in others]
        print("| " + " | ".join([scenario.what, "; ".join(scenario.figures), *medians, *ratios]) + " |")
