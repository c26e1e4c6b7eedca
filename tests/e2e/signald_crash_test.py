"""signald is killed in the middle of its work: what it acknowledged is there, once, and its database opens."""

import http.client
import json
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

from support.signald import BIN, Signald
from support.signald_case import UNLIMITED
from support.websocket import WebSocket

# What a client sees of a server that was killed.
CUT = (OSError, http.client.HTTPException, json.JSONDecodeError)
ROUNDS = 8
STARTS = 20
PAGE = 200


class Acknowledged:
    """What the writers were told is done."""

    def __init__(self):
        self._changed = threading.Condition()
        self.lobby, self.direct, self.posts, self.accounts, self.meetings = {}, {}, {}, {}, {}

    def keep(self, where, name, value):
        with self._changed:
            where[name] = value
            self._changed.notify()

    def count(self):
        return sum(map(len, (self.lobby, self.direct, self.posts, self.accounts, self.meetings)))

    def wait_for(self, more):
        """Until that many more are done."""
        with self._changed:
            target = self.count() + more
            assert self._changed.wait_for(lambda: self.count() >= target, 60), "the writers do not get on"


class CrashTest(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(self.id())
        self.done = Acknowledged()
        self.faults = []

    def test_nothing_that_was_acknowledged_is_lost_or_doubled(self):
        with Signald({"limits": UNLIMITED}) as signald:
            _, token = signald.sign_up("ann")
            bob, _ = signald.sign_up("bob")
            self.conversation = signald.ask("POST", f"/api/conversations/direct/{bob}", {}, token).body["data"]["id"]
            for number in range(ROUNDS):
                self.write_until_killed(signald, number, token)
                signald.start()
                token = self.log_in(signald)
                self.check(signald, token)
            self.assertGreater(len(self.done.lobby), ROUNDS)
            self.assertGreater(len(self.done.direct), ROUNDS)
            self.assertGreater(len(self.done.meetings), 0)
            self.assertGreater(len(self.done.posts), 0)
            self.assertGreater(len(self.done.accounts), 0)

    def test_a_start_that_is_cut_short_is_no_obstacle_to_the_next(self):
        with Signald() as signald:
            signald.stop(signal.SIGKILL)
            for number in range(STARTS):
                if number % 2:
                    shutil.rmtree(signald.directory / "state", ignore_errors=True)
                process = subprocess.Popen([BIN / "signald", "--config", signald.directory / "signald.yaml"],
                                           stderr=subprocess.DEVNULL, env=signald.environment)
                try:
                    process.wait(self.random.random() * 0.1)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            signald.start()
            signald.sign_up("ann")
            self.check_files(signald)

    def write_until_killed(self, signald, number, token):
        writers = [threading.Thread(target=self.write, args=(work, signald, f"{number}.{index}", token))
                   for index, work in enumerate([self.talk] * 3 + [self.send] * 3 + [self.make])]
        for writer in writers:
            writer.start()
        self.done.wait_for(self.random.randrange(50, 250))  # the moment of the kill
        signald.stop(signal.SIGKILL)
        for writer in writers:
            writer.join()
        self.assertEqual(self.faults, [])

    def write(self, work, *arguments):
        try:
            work(*arguments)
        except CUT:
            pass
        except Exception as fault:  # a thread's is nobody's otherwise
            self.faults.append(fault)

    def talk(self, signald, name, token):
        """In the lobby, over a socket."""
        with WebSocket(signald.port) as client:
            client.log_in(token)
            client.ask({"type": "subscribe", "conversationId": "general"})
            for number in range(10_000):
                text = f"line {name}.{number}"
                answer = client.ask({"type": "chat", "conversationId": "general", "message": text, "key": text}, number + 2)
                if answer is None:
                    return
                self.done.keep(self.done.lobby, text, answer["messageId"])

    def send(self, signald, name, token):
        """To one account, over HTTP."""
        path = f"/api/conversations/{self.conversation}/messages"
        for number in range(10_000):
            text = f"message {name}.{number}"
            answer = signald.ask("POST", path, {"content": text, "key": text}, token)
            self.assertEqual(answer.status, 201)
            self.done.keep(self.done.direct, text, answer.body["data"]["id"])

    def make(self, signald, name, token):
        """An account, a meeting and a post, again and again."""
        for number in range(1000):
            email = f"u{name}.{number}@example.org"
            made = signald.ask("POST", "/api/auth/signup", {"email": email, "password": "correct horse"})
            self.done.keep(self.done.accounts, email, made.body["data"]["id"])
            meeting = signald.ask("POST", "/api/meeting/create/", {"title": email}, token)
            self.done.keep(self.done.meetings, email, meeting.body["meeting_id"])
            post = signald.ask("POST", "/api/blogs", {"title": email, "content": "<p>text</p>"}, token)
            self.done.keep(self.done.posts, email, post.body["data"]["id"])

    def log_in(self, signald):
        answer = signald.ask("POST", "/api/auth/login", {"email": "ann@example.org", "password": "correct horse"})
        self.assertEqual(answer.status, 200, answer.body)
        return answer.body["access_token"]

    def check(self, signald, token):
        self.check_files(signald)
        lobby = list(self.lobby_lines(signald, token))
        self.check_messages(self.done.lobby, [(line["message"], line["messageId"]) for line in lobby], "lobby")
        self.assertEqual([line["seq"] for line in lobby], list(range(1, len(lobby) + 1)), "no hole and nothing twice")
        direct = list(self.direct_messages(signald, token))
        self.check_messages(self.done.direct, [(each["content"], each["id"]) for each in direct], "direct")
        self.assertEqual([each["seq"] for each in direct], list(range(1, len(direct) + 1)))
        for email, meeting in self.done.meetings.items():
            self.assertEqual(signald.ask("GET", f"/api/meeting/{meeting}/", token=token).body["title"], email)
        for email, post in self.done.posts.items():
            self.assertEqual(signald.ask("GET", f"/api/blogs/{post}").body["data"]["title"], email)
        if self.done.accounts:
            email, user = list(self.done.accounts.items())[-1]
            again = signald.ask("POST", "/api/auth/login", {"email": email, "password": "correct horse"})
            self.assertEqual(again.body["data"]["id"], user)
        self.check_keys(signald, token)

    def check_messages(self, acknowledged, stored, where):
        self.assertEqual(len({text for text, _ in stored}), len(stored), f"{where}: nothing is there twice")
        lost = {text: name for text, name in acknowledged.items() if (text, name) not in set(stored)}
        self.assertEqual(lost, {}, where)

    def check_keys(self, signald, token):
        """What a client sends again, because it did not hear that it is stored, is stored once."""
        for text, message in list(self.done.direct.items())[-3:]:
            again = signald.ask("POST", f"/api/conversations/{self.conversation}/messages", {"content": text, "key": text}, token)
            self.assertEqual((again.status, again.body["data"]["id"]), (200, message))

    def check_files(self, signald):
        state = signald.directory / "state"
        with tempfile.TemporaryDirectory() as folder:
            for path in state.glob("*.db*"):
                shutil.copy(path, folder)
            for name in ("signald.db", "events.db"):
                with sqlite3.connect(pathlib.Path(folder) / name) as db:
                    self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], name)
                    self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [], name)
                db.close()

    def lobby_lines(self, signald, token):
        with WebSocket(signald.port) as client:
            client.log_in(token)
            client.ask({"type": "subscribe", "conversationId": "general"})
            after = 0
            while True:
                page = client.ask({"type": "chat-history", "conversationId": "general", "after": after, "limit": PAGE}, after + 2)
                yield from page["messages"]
                if page["complete"] or not page["messages"]:
                    return
                after = page["messages"][-1]["seq"]

    def direct_messages(self, signald, token):
        path = f"/api/conversations/{self.conversation}/messages?limit={PAGE}"
        page = signald.ask("GET", f"{path}&before=2", token=token).body["data"]
        while page:
            yield from page
            page = signald.ask("GET", f"{path}&after={page[-1]['seq']}", token=token).body["data"]


if __name__ == "__main__":
    unittest.main()
