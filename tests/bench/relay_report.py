"""What compare_relay.py says beside its table: latencies above a peer's, the rows of README.md, faults of a short run."""

import dataclasses

from side_by_side import text_of

LATENCIES = ("p50", "p99", "p99.9")


def latencies_above(results, scenarios, servers):
    """Where a latency of turnd's is above another server's at the same rate, as lines. Coalescing is left out: it trades
    latency for cost. Times are noise on a busy machine: this is no fault."""
    ours = [name for name in servers if name.startswith("turnd") and name != "turnd-coalesce"]
    peers = [name for name in servers if not name.startswith("turnd")]
    paced = [scenario for scenario in scenarios if scenario.is_paced]
    pairs = [(scenario, mine, peer) for scenario in paced for mine in ours for peer in peers]
    lines = [line for pair in pairs for figure in LATENCIES if (line := _line_above(results, *pair, figure))]
    if pairs and not lines:
        return [f"p50, p99 and p99.9 of {', '.join(ours)} are nowhere above those of {', '.join(peers)} at the same rate"]
    return lines


def _line_above(results, scenario, mine, peer, figure):
    ratio = results.ratio(scenario.name, mine, peer, figure)
    if ratio is None or ratio <= 1:
        return None
    of_each = " and ".join(f"{text_of(results.median(scenario.name, name, figure))} us" for name in (mine, peer))
    return f"ABOVE {peer}: {scenario.name}: {figure} of {mine} is {ratio:.2f} times as long ({of_each})"


@dataclasses.dataclass(frozen=True)
class Row:
    """Of README's table; `text` has a place {0}, {1}... for each scenario's median of `cost`, where it is told."""

    text: str
    scenarios: tuple
    cost: str = "us"  # or "": only `brought` is compared
    brought: str = "kpps"  # or "per second"; "p50" is told as latency, with p99; "": nothing


ROWS = (
    Row("one client to a peer; a peer to its client; 1200 bytes, as fast as it goes", ("flow-up", "flow-down")),
    Row("Send and Data indications, both ways", ("indications",)),
    Row("100 allocations, both ways: bursts of 8; single packets", ("bursts-100", "singles-100")),
    Row("the highest rate without loss, 10 allocations in bursts of 4", ("no-drop",), cost=""),
    Row("20; 50; 100 calls (12,000, 30,000, 60,000 packets a second)", ("calls-20", "calls-50", "calls-100"), brought="p50"),
    Row("1,000 flows of audio (50,000 packets a second)", ("flows-1000",), brought="p50"),
    Row("10 TCP clients to peers; peers to TCP clients", ("tcp-up", "tcp-down")),
    Row("10 TLS clients to peers; peers to TLS clients", ("tls-up", "tls-down")),
    Row("20 calls over TLS", ("tls-calls",), brought="p50"),
    Row("allocate, bind a channel and end it: UDP; TCP; TLS with a full handshake",
        ("cycles-udp", "cycles-tcp", "cycles-tls"), brought="per second"),
    Row("STUN Binding", ("bindings",), brought="per second"),
    Row("memory of an idle allocation: {0} KB; of an idle TLS client with one: {1} KB", ("idle", "idle-tls"), "KB", ""),
    Row("CPU of an idle allocation: {0} us a second; of an idle TLS client with one: {1} us", ("idle", "idle-tls"),
        "idle us", ""),
)


def rows_of_readme(results, first, other, cost="us"):
    """Rows of which every scenario was measured: what, ratios of cost, of rate or median latency, and of p99 latency.
    `cost` is what stands for CPU time in this run."""
    lines = []
    for row in ROWS:
        figure = cost if row.cost == "us" else row.cost
        ratios = lambda key: "; ".join(_ratio(results.ratio(name, first, other, key)) for name in row.scenarios)
        if any(results.ratio(name, first, other, row.brought or figure) is None for name in row.scenarios):
            continue
        told = [text_of(results.median(name, first, figure)) for name in row.scenarios] if figure else []
        is_latency = row.brought == "p50"
        brought = ("latency " if is_latency else "") + ratios(row.brought) if row.brought else ""
        cells = [row.text.format(*told), ratios(figure) if figure else "", brought, ratios("p99") if is_latency else ""]
        lines.append("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|")
    return lines


def _ratio(value):
    return "-" if value is None else f"{value:.2f}"


def print_rows_of_readme(results, servers, options):
    """As README.md has them, of the first server and coturn."""
    if "coturn" not in servers[1:]:
        return
    rows = rows_of_readme(results, servers[0], "coturn", "us" if options.steer == "none" else "core us")
    if not rows:
        return
    steer = "" if options.steer == "none" else f" --steer {options.steer}"
    print(f"\nREADME.md (`compare_relay.py --servers {','.join(servers)} --rounds {options.rounds} "
          f"--duration {options.duration:g}{steer}`):\n")
    print(f"| scenario | {servers[0]} / coturn | rate, or median latency | p99 latency |\n|---|---|---|---|")
    print("\n".join(rows))


def said_of_floods(floods):
    """Of what beside.floods_of_the_engine measured."""
    if floods is None:
        return ["engine work of floods: not measured, engine_bench was not built"]
    each = "; ".join(f"{name} {rate / 1e6:.2f}" for name, rate in floods.items())
    return [f"strangers' packets that a core's engine work deals with, million a second: {each}"]


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
