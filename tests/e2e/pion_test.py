"""pion/turn's client against turnd."""

import pathlib
import subprocess
import tempfile
import unittest

from support import PEER4, PEER6, SERVER4, SERVER6, Turnd, pion


class PionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        pion.build(cls.folder)
        cls.turnd = cls.enterClassContext(Turnd({
            "realm": "example.org",
            "listen": [f"udp://{SERVER4}:3478", f"tcp://{SERVER4}:3478"],
            "relay": {"addresses": [SERVER4, SERVER6]},
            "peers": {"allow": [PEER4, PEER6]},
            "auth": {"users": {"alice": {"password": "password"}}},
        }))

    def run_client(self, transport, password):
        return subprocess.run([self.folder / "call", "-server", f"{SERVER4}:3478", "-transport", transport, "-user", "alice",
                               "-password", password], capture_output=True, text=True, timeout=60)

    def test_it_echoes_between_two_allocations(self):
        for transport in ("udp", "tcp"):
            with self.subTest(transport=transport):
                done = self.run_client(transport, "password")
                self.assertEqual(done.stdout.strip(), "echoed 20", done.stderr)

    def test_it_is_refused_with_a_wrong_password(self):
        done = self.run_client("udp", "not the password")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("allocate refused", done.stdout)

    def test_a_dual_allocation_has_both_addresses_and_loses_one_alone_rfc8656_s7_2(self):
        done = subprocess.run([self.folder / "dual", "-server", f"{SERVER4}:3478", "-user", "alice", "-password", "password",
                               PEER4, PEER6], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout.splitlines(), [f"relayed {SERVER4}", f"relayed {SERVER6}", f"from {PEER4} <nil>",
                                                    f"from {PEER6} <nil>", f"from {PEER4} <nil>",
                                                    "the other family 443"], done.stderr)


if __name__ == "__main__":
    unittest.main()
