"""Webhooks get every event of the log at least once, whenever signald is killed."""

import concurrent.futures
import contextlib
import http.client
import http.server
import json
import pathlib
import random
import signal
import tempfile
import threading
import unittest

from support.signald import Signald
from support.signald_case import UNLIMITED

ROUNDS = 4
CUT = (OSError, http.client.HTTPException, json.JSONDecodeError)  # what a client sees of a server that was killed


class Sink:
    """A server that takes events: the ids that came."""

    def __init__(self):
        self.ids = set()
        self._changed = threading.Condition()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                entry = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.take(entry["id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, identifier):
        with self._changed:
            self.ids.add(identifier)
            self._changed.notify_all()

    def missing(self, wanted):
        """Which of them have not come a minute later."""
        with self._changed:
            self._changed.wait_for(lambda: wanted <= self.ids, 60)
            return wanted - self.ids


class SignaldWebhookTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.secret = pathlib.Path(folder.name) / "secret"
        self.secret.write_text("a secret of the webhook, long enough\n")
        self.secret.chmod(0o600)
        self.random = random.Random(self.id())

    def configuration(self, sink):
        return {"limits": UNLIMITED, "webhooks": [{"url": sink.url, "secret_file": str(self.secret)}]}

    def test_every_event_of_the_log_arrives_whenever_it_is_killed(self):
        with Sink() as sink, Signald(self.configuration(sink)) as signald:
            signald.make_administrator("root")
            for _ in range(ROUNDS):
                self.talk_until(signald, signal.SIGKILL)
                signald.start()
            self.check(signald, sink)

    def test_every_event_of_the_log_arrives_after_a_clean_stop(self):
        with Sink() as sink, Signald(self.configuration(sink)) as signald:
            signald.make_administrator("root")
            self.talk_until(signald, signal.SIGTERM)
            signald.start()
            self.check(signald, sink)

    def talk_until(self, signald, how):
        enough = self.random.uniform(0.2, 0.6)
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            talkers = [threads.submit(self.talk, signald, f"talker-{number}") for number in range(4)]
            threading.Event().wait(enough)  # the moment of the end
            signald.stop(how)
        for talker in talkers:
            talker.result()  # raises what it raised

    def talk(self, signald, name):
        with contextlib.suppress(*CUT):
            for number in range(10_000):
                signald.ask("POST", "/api/chat/messages", {"username": name, "message": f"line {number}"})

    def check(self, signald, sink):
        answer = signald.ask("POST", "/api/auth/login", {"email": "root@example.org", "password": "correct horse"})
        token = answer.body["access_token"]
        logged = set(self.logged(signald, token))
        self.assertGreater(len(logged), 10)
        self.assertEqual(sink.missing(logged), set())

    def logged(self, signald, token):
        after = 0
        while True:
            page = signald.ask("GET", f"/api/logs?after={after}&order=asc&limit=1000", token=token).body["logs"]
            if not page:
                return
            yield from (entry["id"] for entry in page)
            after = page[-1]["id"]


if __name__ == "__main__":
    unittest.main()
