"""./quickstart runs a turnd of its own, whatever runs already. It finds everything installed and built here."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request

from support import SERVER4, Turnd
from support.turnd import BIN

QUICKSTART = pathlib.Path(__file__).parents[2] / "quickstart"
OTHER = {"realm": "other.example", "listen": [f"udp://{SERVER4}:3480"], "relay": {"addresses": [SERVER4]}}


class QuickstartTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copy(QUICKSTART, self.folder)
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / "build/release/bin").symlink_to(BIN)
        self.stand_in("cmake", "exit 0")
        self.stand_in("dpkg-query", "echo installed")
        self.environment = {**os.environ, "PATH": f"{self.folder}/stand-ins:{os.environ['PATH']}",
                            "STATE_DIRECTORY": f"{self.folder}/state", "RUNTIME_DIRECTORY": f"{self.folder}/runtime",
                            "XDG_RUNTIME_DIR": f"{self.folder}/runtime"}

    def stand_in(self, program, line):
        path = self.folder / "stand-ins" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def start(self, *arguments):
        process = subprocess.Popen([self.folder / "quickstart", *map(str, arguments)], env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return process

    def assert_refused(self, why):
        """It ends as turnd does, with turnd's own sentence, and offers no credential."""
        process = self.start()
        out, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 2, errors)
        self.assertRegex(errors, rf"(?m)^turnd: .*{why}.*: .+; .+$")
        self.assertNotIn("credential", out)

    def assert_serves(self, process, port):
        for line in process.stdout:
            if line.startswith("{"):
                break
        self.assertIn(f":{port}", " ".join(json.loads(line)["urls"]))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 0)

    def test_it_prints_a_credential_and_stops_with_ctrl_c(self):
        self.assert_serves(self.start(), 3478)
        self.assertFalse((self.folder / "runtime/control.sock").exists())

    def test_it_ends_its_greeting_with_the_address_of_the_pages(self):
        process = self.start()
        addresses = (re.search(r"Now open (http://\S+) ", line) for line in process.stdout)
        found = next(filter(None, addresses))
        with urllib.request.urlopen(found[1], timeout=10) as answer:
            page = answer.read().decode()
        # Without npm there are no pages, and signald says so.
        built = pathlib.Path(BIN).parent / "share/signald/web/index.html"
        self.assertIn('<div id="app">' if built.exists() else "signald", page)

    def test_it_ends_with_turnd_when_another_one_has_the_control_socket(self):
        with Turnd({**OTHER, "control": {"socket": f"{self.folder}/runtime/control.sock"}}):
            self.assert_refused("runtime/control.sock")

    def test_it_ends_with_turnd_when_another_one_has_the_port(self):
        with Turnd({**OTHER, "listen": [f"udp://{SERVER4}:3478", "udp://0.0.0.0:3478"]}):
            self.assert_refused("udp://0.0.0.0:3478")

    def test_it_asks_the_turnd_of_the_given_configuration(self):
        file = self.folder / "turnd.yaml"
        file.write_text(json.dumps({**OTHER, "listen": [f"udp://{SERVER4}:3479"],
                                    "control": {"socket": f"{self.folder}/own.sock"}, "metrics": {"address": ""}}))
        with Turnd({**OTHER, "control": {"socket": f"{self.folder}/runtime/turnd.sock"}}):  # where turnctl looks first
            self.assert_serves(self.start("--", "--config", file), 3479)


if __name__ == "__main__":
    unittest.main()
