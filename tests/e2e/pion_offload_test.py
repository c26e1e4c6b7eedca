"""Clients that we did not write, at the far end of a link: through the sockets, and relayed in the kernel by each program."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from support import SERVER4, pion
from support.far_end import FAR4
from support.offload_case import MODES, PASSWORD, USER, OffloadCase

MESSAGES = 30


class PionOffloadTest(OffloadCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        pion.build(cls.folder)
        super().setUpClass()

    def at_far_end(self, *command, **options):
        with self.far.entered():
            return subprocess.Popen([*map(str, command)], text=True, **options)

    def run_there(self, turnd, *command):
        """What it printed, and how many channels the kernel relayed at most meanwhile."""
        client = self.at_far_end(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        most, deadline = 0, time.monotonic() + 30
        while client.poll() is None and time.monotonic() < deadline:
            most = max(most, self.offload(turnd)["channels"])
            time.sleep(0.05)
        client.kill()  # nothing, when it has ended
        output, _ = client.communicate()
        self.assertEqual(client.returncode, 0, output)
        return output, most

    def test_pion_echoes_between_two_allocations(self):
        for mode in MODES:
            with self.subTest(mode):
                turnd = self.start(mode)
                output, channels = self.run_there(
                    turnd, self.folder / "call", "-server", f"{SERVER4}:3478", "-user", USER, "-password", PASSWORD,
                    "-messages", MESSAGES, "-pause", "50ms")
                self.assertIn(f"echoed {MESSAGES}", output.splitlines())
                self.assert_relayed_by(mode, channels)
            self.doCleanups()

    @unittest.skipUnless(shutil.which("turnutils_uclient"), "coturn's client is not installed")
    def test_coturns_client_sends_beside_each_program(self):
        """With indications: it binds channel numbers that RFC 8656 s12 has reserved. No program may take them."""
        for mode in MODES:
            with self.subTest(mode):
                turnd = self.start(mode)
                echo = self.at_far_end("turnutils_peer", "-L", FAR4[1], "-p", 3480, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
                self.addCleanup(echo.wait)
                self.addCleanup(echo.terminate)
                output, _ = self.run_there(turnd, "turnutils_uclient", "-s", "-c", "-u", USER, "-w", PASSWORD, "-p", 3478,
                                           "-n", MESSAGES, "-z", 5, "-e", FAR4[1], SERVER4)
                sent, received = map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", output)[-1])
                self.assertGreater(sent, 0, output)
                self.assertEqual(received, sent, output)
            self.doCleanups()


if __name__ == "__main__":
    unittest.main()
