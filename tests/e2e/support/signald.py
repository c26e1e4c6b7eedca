"""A signald process of the test's own, started on a configuration and stopped at the end."""

import dataclasses
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

from .api_document import api_document

BIN = pathlib.Path(os.environ["TURND_BIN"])
START_SECONDS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclasses.dataclass
class Answer:
    """What came of a request; `body` is JSON where the answer was, else text."""

    status: int
    body: object
    headers: http.client.HTTPMessage

    @property
    def code(self):
        return self.body.get("code", "") if isinstance(self.body, dict) else ""


class Signald:
    """`configuration` is a dictionary with the keys of signald.yaml (JSON is YAML)."""

    def __init__(self, configuration=None, arguments=(), environment=None):
        self._folder = tempfile.TemporaryDirectory(prefix="signald-e2e-")
        self.directory = pathlib.Path(self._folder.name)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._file = self.directory / "signald.yaml"
        self.rewrite(configuration or {})
        self._arguments = list(arguments)
        self.environment = {**os.environ, "STATE_DIRECTORY": str(self.directory / "state"), **(environment or {})}
        self._ready = threading.Event()  # it is up, or has ended
        self._is_up = False
        self._more = threading.Condition()
        self.lines = []
        self.process = None
        self._reader = None

    def rewrite(self, configuration):
        """What it reads at its start, or at the next reload."""
        self._file.write_text(json.dumps({"listen": [self.url], "public_url": self.url,
                                          "shutdown_grace": "100ms",
                                          "log": {"level": "info", "format": "json"}, **configuration}))

    def __enter__(self):
        try:
            self.start()
        except RuntimeError:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGTERM)
        self._folder.cleanup()

    def start(self):
        """Also after stop(): on the same state."""
        self._ready.clear()
        self._is_up = False
        self.process = subprocess.Popen([BIN / "signald", "--config", self._file, *self._arguments],
                                        env=self.environment, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_SECONDS) or not self._is_up:
            self.stop(signal.SIGTERM)
            raise RuntimeError("signald did not start: " + "\n".join(self.lines))

    def stop(self, how):
        if self.process.stderr.closed:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self.process.stderr.close()

    def _read(self):
        for line in self.process.stderr:
            with self._more:
                self.lines.append(line.rstrip())
                self._more.notify_all()
            if "signald ready" in line:
                self._is_up = True
                self._ready.set()
        self._ready.set()

    @property
    def port(self):
        return int(self.url.rpartition(":")[2])

    def ask(self, method, path, body=None, token=None, **headers):
        """`body` is sent as JSON, bytes as they are; a header is written user_agent. A JSON answer is as the API's
        description says, or the test fails."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            is_json = answer.headers.get("Content-Type", "").startswith("application/json")
            answered = Answer(answer.status, json.loads(text) if is_json and text else text, answer.headers)
            if is_json and text:
                faults = api_document().faults(method, path, answered.status, answered.body)
                assert not faults, f"{method} {path} is not as described: " + "; ".join(faults[:5])
            return answered
        finally:
            connection.close()

    def logged(self, **members):
        """The first line of the log with these members, as soon as there is one."""
        def find():
            lines = map(json.loads, self.lines)
            return next((line for line in lines if members.items() <= line.items()), None)

        with self._more:
            return self._more.wait_for(find, START_SECONDS)

    def events(self, name, count=1, token=None):
        """The event log's entries of that name, oldest first, as soon as there are so many: within a second (L2)."""
        end = time.monotonic() + START_SECONDS
        while True:
            found = self.ask("GET", f"/api/logs?event={name}&order=asc&limit=1000", token=token).body["logs"]
            if len(found) >= count or time.monotonic() > end:
                return found
            time.sleep(0.05)

    def post(self, path, body, token=None):
        """The answer of the API: its status and its JSON."""
        answer = self.ask("POST", path, body, token)
        return answer.status, answer.body

    def sign_up(self, name):
        """A new account: its id and access token."""
        status, answer = self.post("/api/auth/signup", {"email": f"{name}@example.org", "password": "correct horse",
                                                        "name": name, "username": name})
        assert status == 201, answer
        return answer["data"]["id"], answer["access_token"]

    def command(self, *arguments, given=""):
        """What such a command prints, beside the daemon."""
        done = subprocess.run([BIN / "signald", "--config", self._file, *arguments], env=self.environment, input=given,
                              text=True, check=True, stdout=subprocess.PIPE)
        return done.stdout

    def make_administrator(self, name):
        """A new account that is one: its id and access token."""
        self.command("user", "add", f"{name}@example.org", "--admin", "--username", name, given="correct horse\n")
        status, answer = self.post("/api/auth/login", {"email": f"{name}@example.org", "password": "correct horse"})
        assert status == 200, answer
        return answer["data"]["id"], answer["access_token"]

    def resident_kib(self):
        """VmRSS."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise RuntimeError("signald is gone")
