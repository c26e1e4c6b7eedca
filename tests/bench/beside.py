"""A flood of strangers beside calls, and what such floods cost the engine alone."""

import json
import subprocess
import time

from side_by_side import OTHER_CORE, SERVER_CORE, die_with_parent

SMOKE_FLOOD = 20_000
LEAST_OF_THE_ENGINE = 1_000_000  # packets of strangers that a core's engine work deals with in a second
ENGINE_SECONDS = 300


def a_flood(strangers, load, server, wanted):
    """`load` runs while `wanted` packets a second come from strangers; its figures, and how many there were a second."""
    before, begin = strangers.arrived(), time.monotonic()
    flood = strangers.flood(*server, wanted, 3600, OTHER_CORE)
    try:
        while strangers.arrived() == before:  # its packets are made first
            if flood.poll() is not None or time.monotonic() - begin > 30:
                raise RuntimeError("the flood did not begin")
            time.sleep(0.05)
        before, begin = strangers.arrived(), time.monotonic()
        run = load()
        rate = (strangers.arrived() - before) / (time.monotonic() - begin)
    finally:
        flood.kill()
        flood.communicate()
    if rate < 0.8 * wanted:
        raise RuntimeError(f"the flood was {rate:.0f} packets a second instead of {wanted}")
    return run, rate


def cost_of_any(run, rate):
    """CPU seconds of the server's process, and of its processor, for each packet of the calls or of strangers."""
    cost, relayed = run["server_cost"], run["relayed_packets"]
    packets = relayed + rate * run["duration"]
    return cost["cpu_seconds"] / packets, cost["processors_seconds_per_packet"] * relayed / packets


def floods_of_the_engine(programs):
    """Packets of strangers a second of engine work, by benchmark; None without engine_bench."""
    program = programs / "engine_bench"
    if not program.exists():
        return None
    done = subprocess.run(["taskset", "-c", str(SERVER_CORE), program, "--benchmark_filter=Flood", "--benchmark_min_time=0.2",
                           "--benchmark_format=json"], capture_output=True, text=True, timeout=ENGINE_SECONDS,
                          preexec_fn=die_with_parent, check=False)
    if done.returncode != 0:
        return {f"engine_bench, which ended with {done.returncode}": 0}
    return {each["name"]: 0 if each.get("error_occurred") else each["items_per_second"]
            for each in json.loads(done.stdout)["benchmarks"]}


def too_slow(floods):
    """Of `floods_of_the_engine`, those beneath what has to be."""
    if not floods:
        return ["engine_bench has no benchmark of a flood"]
    return [f"{name}: {rate:,.0f} packets of strangers a second of engine work" for name, rate in floods.items()
            if rate < LEAST_OF_THE_ENGINE]
