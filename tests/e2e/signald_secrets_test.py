"""signald has no default secret (W-DEFAULT): it makes one or refuses to start."""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from support.signald import BIN, Signald

SAMPLE = pathlib.Path(__file__).parents[2] / "conf/signald.yaml"
PLACEHOLDERS = ("change-me-change-me-change-me-change-me", "your-super-secret-jwt-key-change-in-production",
                "<your secret key, 32 bytes or more>", "replace this with a long random text", "secret", "")


class DefaultSecretTest(unittest.TestCase):
    def run_to_the_end(self, arguments, **environment):
        return subprocess.run([BIN / "signald", *arguments], env={**os.environ, **environment}, text=True, timeout=20,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_the_sample_configuration_makes_keys_that_nobody_knows(self):
        keys = set()
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                process = subprocess.Popen([BIN / "signald", "--config", SAMPLE], stderr=subprocess.PIPE, text=True,
                                           env={**os.environ, "STATE_DIRECTORY": folder})
                with process:
                    for line in process.stderr:
                        if "signald ready" in line:
                            break
                    process.send_signal(signal.SIGTERM)
                for name in ("token.key", "server.key"):
                    path = pathlib.Path(folder) / name
                    self.assertEqual(path.stat().st_mode & 0o777, 0o600)
                    self.assertRegex(path.read_text(), r"^[0-9a-f]{64}\n$")
                    keys.add(path.read_text())
        self.assertEqual(len(keys), 4)

    def test_every_secret_that_the_sample_names_is_refused_when_it_is_a_placeholder(self):
        named = {"auth": lambda path: {"auth": {"key_file": path}},
                 "previous": lambda path: {"auth": {"previous_key_file": path}},
                 "turn": lambda path: {"turn": [{"uris": ["turn:turn.example.org"], "secret_file": path}]},
                 "webhooks": lambda path: {"webhooks": [{"url": "https://app.example.org/x", "secret_file": path}]}}
        text = SAMPLE.read_text()
        self.assertEqual(text.count("key_file:") + text.count("secret_file:"), len(named), "one of the sample is not here")
        with tempfile.TemporaryDirectory() as folder:
            secret = pathlib.Path(folder) / "key"
            for placeholder in PLACEHOLDERS:
                secret.write_text(placeholder + "\n")
                for name, configuration in named.items():
                    with self.subTest(name=name, placeholder=placeholder):
                        with self.assertRaises(RuntimeError) as refused:
                            Signald(configuration(str(secret))).__enter__()
                        self.assertIn(str(secret), str(refused.exception))
                        self.assertIn("placeholder", str(refused.exception))
                if placeholder:
                    with self.assertRaises(RuntimeError) as refused:
                        Signald(environment={"JWT_SECRET": placeholder}).__enter__()
                    self.assertIn("JWT_SECRET", str(refused.exception))

    def test_short_keys_are_refused(self):
        with self.assertRaises(RuntimeError) as refused:
            Signald(environment={"JWT_SECRET": "0123456789abcdef0123456789abcde"}).__enter__()
        self.assertIn("32 bytes", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
