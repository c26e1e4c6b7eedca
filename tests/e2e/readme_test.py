"""The commands of README.md do what it says, as they stand there."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from support.signald import Signald

README = pathlib.Path(__file__).parents[2] / "README.md"
ADDRESS = "http://127.0.0.1:8080"


def commands():
    """The block of shell commands in the section about signald."""
    section = README.read_text().split("\n## signald\n")[1].split("\n## ")[0]
    return re.search(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[1]


class ReadmeTest(unittest.TestCase):
    def test_an_account_makes_a_meeting_talks_in_it_and_gets_ice_servers(self):
        script = commands()
        self.assertIn(ADDRESS, script)
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write("a secret that is long enough\n")
            secret.flush()
            turn = {"uris": ["stun:turn.example.org", "turn:turn.example.org"], "secret_file": secret.name}
            with Signald({"turn": [turn]}) as signald:
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", script.replace(ADDRESS, signald.url)], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        decoder = json.JSONDecoder()
        message, end = decoder.raw_decode(done.stdout)
        config, _ = decoder.raw_decode(done.stdout[end:].lstrip())
        self.assertEqual(message["data"]["content"], "Hello")
        self.assertEqual([server["urls"] for server in config["iceServers"]],
                         ["stun:turn.example.org", "turn:turn.example.org"])


if __name__ == "__main__":
    unittest.main()
