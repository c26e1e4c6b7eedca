"""What calls suffer from that goes on beside them: a flood of strangers, and a crowd of sessions that come and go."""

import concurrent.futures
import pathlib
import resource
import time

from side_by_side import OTHER_CORE

# Of one turnctl bench, and of all: each session is a socket of the server and two of this machine, with a port each.
MOST_OF_ONE, MOST_SESSIONS = 10_000, 20_000
SPARE_FILES = 500
CALL_SECONDS, SMOKE_CALL_SECONDS = 60, 3
SMOKE_SESSIONS, SMOKE_FLOOD = 10, 20_000
PORTS = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


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


def a_crowd(call, comers, smoke):
    """`call(seconds)` runs while sessions are set up and end, by `comers(sessions)` in as many programs as it takes; its
    figures, and how many sessions there were."""
    PORTS.write_text("1024 65535")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
    sessions = SMOKE_SESSIONS if smoke else min(MOST_SESSIONS, files)
    each = max(1, min(MOST_OF_ONE, sessions, files // 2))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = pool.submit(call, SMOKE_CALL_SECONDS if smoke else CALL_SECONDS)
        time.sleep(1)
        crowd = [pool.submit(comers, each) for _ in range(sessions // each)]
        concurrent.futures.wait(crowd)
        was_within = not running.done()
        for comer in crowd:
            comer.result()
        run = running.result()
    if not was_within:
        raise RuntimeError(f"{each * len(crowd)} sessions took longer than the call")
    return run, each * len(crowd)
