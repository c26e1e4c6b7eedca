"""What a test of relaying in the kernel starts with: clients and peers at the far end of a link, and turnd in each mode."""

import contextlib
import threading
import unittest

from . import SERVER4, SERVER6
from .far_end import FAR4, FAR6, FarEnd, leave_out, set_features, set_forwarding_of_lo
from .turnd import Turnd

USER, PASSWORD = "alice", "correct horse battery staple"
# What the far end of the link has to do for each: XDP at the driver sends to it where it does GRO.
MODES = {"off": {"gro": "off", "tx": "on"}, "tc": {"gro": "off", "tx": "on"}, "xdp": {"gro": "on", "tx": "on"}}


def configuration(offload, **more):
    return {
        "realm": "example.org",
        "listen": [f"udp://{SERVER4}:3478", f"udp://[{SERVER6}]:3478"],
        "relay": {"addresses": [SERVER4, SERVER6]},
        "auth": {"users": {USER: {"password": PASSWORD}}},
        "peers": {"allow": [*FAR4, *FAR6]},
        "offload": offload,
        **more,
    }


class OffloadCase(unittest.TestCase):
    """One class in a program: it takes one end of the link away."""

    @classmethod
    def setUpClass(cls):
        cls.far = cls.enterClassContext(FarEnd())
        # XDP looks up its ways out as for packets of this machine's own, which is asked of lo.
        for family in ("ipv4", "ipv6"):
            set_forwarding_of_lo(family, 1)
        set_features("relay0", tx="on")
        with Turnd(configuration("auto")) as turnd:
            offload = cls.offload(turnd)
        cls.why_not = None if offload["mode"] == "tc" else offload["why"]

    def start(self, mode, environment=None, **more):
        """turnd in that mode, until the next clean-up; a mode that the kernel does not let it have is left out. `more`: of its
        configuration."""
        if mode != "off" and self.why_not:
            leave_out(self.why_not)
        with self.far.entered():
            set_features("relay1", **MODES[mode])
        turnd = self.enterContext(Turnd(configuration(mode, **more), environment))
        self.assertEqual(self.offload(turnd)["mode"], mode)
        return turnd

    @staticmethod
    def offload(turnd):
        return turnd.get("/v1/status")["offload"]

    @contextlib.contextmanager
    def watched(self, turnd):
        """A list of how many channels the kernel relayed meanwhile, from look to look."""
        seen, end = [], threading.Event()

        def watch():
            while not end.wait(0.02):
                seen.append(self.offload(turnd)["channels"])

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield seen
        finally:
            end.set()
            watcher.join()

    def assert_relayed_by(self, mode, channels):
        """`channels`: the most that the kernel relayed."""
        if mode == "off":
            self.assertEqual(channels, 0)
        else:
            self.assertGreater(channels, 0, "the client's channels were left to the sockets")
