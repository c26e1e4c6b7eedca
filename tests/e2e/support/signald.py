"""A signald process of the test's own, started on a configuration and stopped at the end."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

BIN = pathlib.Path(os.environ["TURND_BIN"])
START_SECONDS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Signald:
    """`configuration` is a dictionary with the keys of signald.yaml (JSON is YAML)."""

    def __init__(self, configuration=None, arguments=()):
        self._folder = tempfile.TemporaryDirectory(prefix="signald-e2e-")
        self.directory = pathlib.Path(self._folder.name)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._file = self.directory / "signald.yaml"
        self._file.write_text(json.dumps({"listen": [self.url], "public_url": self.url,
                                          "log": {"level": "info", "format": "json"}, **(configuration or {})}))
        self._arguments = list(arguments)
        self._ready = threading.Event()
        self.lines = []
        self.process = None
        self._reader = None

    def __enter__(self):
        environment = {**os.environ, "STATE_DIRECTORY": str(self.directory / "state")}
        self.process = subprocess.Popen([BIN / "signald", "--config", self._file, *self._arguments], env=environment,
                                        stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_SECONDS) or self.process.poll() is not None:
            self.__exit__()
            raise RuntimeError("signald did not start: " + "\n".join(self.lines))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self.process.stderr.close()
        self._folder.cleanup()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if "signald ready" in line:
                self._ready.set()
        self._ready.set()

    def post(self, path, body, token=None):
        """The answer of the API: its status and its JSON."""
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), method="POST",
                                         headers={"Content-Type": "application/json"})
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def sign_up(self, name):
        """A new account: its id and access token."""
        status, answer = self.post("/api/auth/signup", {"email": f"{name}@example.org", "password": "correct horse",
                                                        "name": name, "username": name})
        assert status == 201, answer
        return answer["data"]["id"], answer["access_token"]
