"""A turnd process of the test's own, started on a configuration and stopped at the end."""

import contextlib
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

BIN = pathlib.Path(os.environ["TURND_BIN"])


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("turnd", timeout=timeout)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Turnd:
    """`configuration` is a dictionary with the keys of turnd.yaml (JSON is YAML); `prefix` a command that starts it."""

    def __init__(self, configuration, environment=None, prefix=()):
        self._folder = tempfile.TemporaryDirectory(prefix="turnd-e2e-")
        self.directory = pathlib.Path(self._folder.name)
        self.socket = self.directory / "control.sock"
        self.file = self.directory / "turnd.yaml"
        self.configuration = {
            "control": {"socket": str(self.socket)},
            "metrics": {"address": ""},
            "log": {"level": "info", "format": "json"},
            **configuration,
        }
        self.lines = []
        self._prefix = prefix
        self._environment = {**os.environ, "STATE_DIRECTORY": str(self.directory / "state"), **(environment or {})}
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self._folder.cleanup()

    def write_configuration(self):
        self.file.write_text(json.dumps(self.configuration, indent=1))

    def start(self):
        self.write_configuration()
        self.process = subprocess.Popen([*self._prefix, BIN / "turnd", "--config", self.file], env=self._environment,
                                        stderr=subprocess.PIPE, text=True)
        ready = threading.Event()
        threading.Thread(target=self._read_log, args=(self.process.stderr, ready), daemon=True).start()
        if not ready.wait(20):
            self.process.kill()
            raise AssertionError("turnd did not become ready:\n" + "\n".join(self.lines))

    def _read_log(self, stream, ready):
        with stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))
                if "turnd ready" in line:
                    ready.set()

    def stop(self, expected=0):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            # Live sessions get the grace period, then they are closed; a second signal ends it at once.
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        assert status == expected, f"turnd ended with {status}:\n" + "\n".join(self.lines[-30:])

    @contextlib.contextmanager
    def paused(self):
        """Inside the block turnd does nothing: what comes waits together. What the kernel relays goes on, unless it lasts for
        so long that turnd is taken for dead."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    # The operator's view.

    def request(self, method, path, body=None, timeout=10):
        """Returns (status, parsed JSON)."""
        connection = _UnixConnection(self.socket, timeout)
        connection.request(method, path, None if body is None else json.dumps(body))
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, json.loads(text) if text else None

    def get(self, path):
        status, answer = self.request("GET", path)
        assert status == 200, answer
        return answer

    def sessions(self):
        return self.get("/v1/sessions?limit=1000")["items"]

    def credential(self, user="e2e", ttl="1h"):
        status, answer = self.request("POST", "/v1/credentials", {"user": user, "ttl": ttl})
        assert status == 200, answer
        return answer

    def turnctl(self, *arguments, check=True, **options):
        done = subprocess.run([BIN / "turnctl", "--socket", self.socket, *map(str, arguments)], capture_output=True,
                              text=True, timeout=60, **options)
        if check:
            assert done.returncode == 0, f"turnctl {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def wait_for(self, what, seconds=10, every=0.1):
        """Polls `what` until it returns something true; returns that."""
        deadline = time.monotonic() + seconds
        while True:
            value = what()
            if value or time.monotonic() > deadline:
                return value
            time.sleep(every)
