"""pion/turn's client against turnd."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from support import SERVER4, Turnd

SOURCE = pathlib.Path(__file__).parent / "pion" / "main.go"


class PionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.client = pathlib.Path(folder.name) / "pion"
        # Debian's packages of Go libraries, no modules from anywhere else.
        environment = {**os.environ, "GOPATH": "/usr/share/gocode", "GO111MODULE": "off",
                       "GOCACHE": os.environ.get("GOCACHE", str(pathlib.Path.home() / ".cache/go-build"))}
        subprocess.run(["go", "build", "-o", cls.client, SOURCE], check=True, env=environment, timeout=300)
        cls.turnd = cls.enterClassContext(Turnd({
            "realm": "example.org",
            "listen": [f"udp://{SERVER4}:3478", f"tcp://{SERVER4}:3478"],
            "relay": {"addresses": [SERVER4]},
            "auth": {"users": {"alice": {"password": "password"}}},
        }))

    def run_client(self, transport, password):
        return subprocess.run([self.client, "-server", f"{SERVER4}:3478", "-transport", transport, "-user", "alice",
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


if __name__ == "__main__":
    unittest.main()
