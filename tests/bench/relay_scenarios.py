"""What compare_relay.py measures: its scenarios, each a load of turnctl bench."""

import dataclasses


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

    @property
    def is_paced(self):
        """Its packets are as many for every server, so that latencies can be compared."""
        return self.rate > 0 and self.kind in ("load", "flood", "crowd")

    def suits(self, _server):
        return True


BESIDE = ("flood", "crowd")
MOST = ("us", "kpps")
RATE = ("us", "p50", "p99", "p99.9")
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
    Scenario("idle", "an idle allocation with a channel", ("KB", "idle us", "set-up us"), 2000, "", 1, kind="memory"),
    Scenario("idle-tls", "an idle TLS client with an allocation", ("KB", "idle us", "set-up us"), 500, "", 1, transport="tls",
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
             ("loss %", "p50", "p99", "p99.9", "flood kpps", "us"), 20, CALL, 12_000, kind="flood"),
    Scenario("crowd", "a call while very many sessions are set up, relay and end",
             ("longest ms", "p50", "p99", "p99.9", "sessions"), 2, "--size 1200", 250, kind="crowd"),
]
SMOKE = ("flow-up", "indications", "bursts-100", "calls-20", "tcp-up", "tls-down", "idle-tls", "cycles-udp", "cycles-tls",
         "bindings", "crowd")
