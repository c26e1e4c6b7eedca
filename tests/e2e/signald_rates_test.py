"""How often signald lets somebody try: W-RATE, W-ENUM, W-PWD, W-HASH and W-LOGIN, over sockets of a real server."""

import collections
import http.client
import json
import pathlib
import shutil
import socket
import sqlite3
import statistics
import tempfile
import threading
import time
import unittest

from support.signald import Signald
from support.signald_case import SignaldCase
from support.websocket import WebSocket

PASSWORD = "correct horse"
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def codes(count):
    """Meeting codes that are not there."""
    for number in range(count):
        code = ""
        for _ in range(10):
            number, letter = divmod(number * 31 + 7, len(CODE_LETTERS))
            code += CODE_LETTERS[letter]
        yield code


class Connection:
    """Keeps one TCP connection for several requests."""

    def __init__(self, signald):
        self._connection = http.client.HTTPConnection("127.0.0.1", signald.port, timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def ask(self, method, path, body=None, **headers):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            fields["Content-Type"] = "application/json"
        self._connection.request(method, path, None if body is None else json.dumps(body), fields)
        answer = self._connection.getresponse()
        answer.read()
        return answer


class LoginRateTest(unittest.TestCase):
    def tries(self, signald, **headers):
        """The statuses of 3 wrong log-ins on each of 4 connections at a time, and of 3 on a fifth, later."""
        statuses = collections.Counter()
        with Connection(signald) as a, Connection(signald) as b, Connection(signald) as c, Connection(signald) as d:
            for number in range(3):
                for connection in (a, b, c, d):
                    statuses[self.try_on(connection, number, headers)] += 1
        with Connection(signald) as later:
            for number in range(3):
                statuses[self.try_on(later, number, headers)] += 1
        return statuses

    def try_on(self, connection, number, headers):
        sent = {name: value(number) if callable(value) else value for name, value in headers.items()}
        body = {"email": f"nobody{number}@example.org", "password": "wrong one"}
        answer = connection.ask("POST", "/auth/login", body, **sent)
        if answer.status == 429:
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        return answer.status

    def test_five_tries_a_minute_over_any_number_of_connections(self):
        with Signald() as signald:
            self.assertEqual(self.tries(signald), {401: 5, 429: 10})

    def test_a_made_up_address_changes_nothing(self):
        for name in ("X_Forwarded_For", "X_Real_IP", "Forwarded", "CF_Connecting_IP", "True_Client_IP", "X_Client_IP"):
            with Signald() as signald:
                statuses = self.tries(signald, **{name: lambda number: f"203.0.113.{number}"})
                self.assertEqual(statuses, {401: 5, 429: 10}, name)

    def test_of_a_trusted_proxy_the_last_foreign_hop_counts(self):
        with Signald({"trusted_proxies": ["127.0.0.1"]}) as signald:
            made_up = self.tries(signald, X_Forwarded_For=lambda number: f"203.0.113.{number}, 198.51.100.7")
            self.assertEqual(made_up, {401: 5, 429: 10})
            self.assertEqual(self.tries(signald, X_Forwarded_For="203.0.113.1, 198.51.100.8")[401], 5)

    def test_an_ipv6_customer_has_a_64(self):
        with Signald({"trusted_proxies": ["127.0.0.1"]}) as signald:
            walked = self.tries(signald, X_Forwarded_For=lambda number: f"2001:db8:1:2::{number + 1}")
            self.assertEqual(walked, {401: 5, 429: 10})
            self.assertEqual(self.tries(signald, X_Forwarded_For="2001:db8:1:3::1")[401], 5)

    def test_log_in_takes_as_long_for_an_account_that_is_not_there(self):
        with Signald({"limits": {"login": "0"}}) as signald:
            signald.sign_up("ann")
            took = {"ann": [], "nobody": []}
            answers = {}
            with Connection(signald) as connection:
                for _ in range(15):
                    for name, times in took.items():
                        started = time.monotonic()
                        connection.ask("POST", "/auth/login", {"email": f"{name}@example.org", "password": "wrong one"})
                        times.append(time.monotonic() - started)
                        answers[name] = signald.ask("POST", "/auth/login", {"email": f"{name}@example.org", "password": "x" * 9})
            known, unknown = (statistics.median(times) for times in took.values())
            self.assertLess(abs(known - unknown), 0.35 * max(known, unknown), took)
            for answer in answers.values():
                answer.body.pop("requestId")
            self.assertEqual(answers["ann"].body, answers["nobody"].body)
            self.assertEqual(answers["ann"].status, 401)

    def test_a_forgotten_password_tells_nobody_who_has_an_account(self):
        with Signald({"smtp": {"host": "127.0.0.1", "port": 1, "from": "meet@example.org", "tls": "none"}}) as signald:
            signald.sign_up("ann")
            known, unknown = (signald.ask("POST", "/api/auth/forgot", {"email": f"{name}@example.org"})
                              for name in ("ann", "nobody"))
            self.assertEqual((known.status, known.body), (202, unknown.body))
            self.assertEqual(unknown.status, 202)


class OtherRatesTest(unittest.TestCase):
    def test_an_account_makes_ten_meetings_an_hour_over_any_number_of_connections(self):
        with Signald() as signald:
            _, token = signald.sign_up("ann")
            statuses = collections.Counter()
            for _ in range(4):
                with Connection(signald) as connection:
                    for _ in range(4):
                        statuses[connection.ask("POST", "/api/meeting/create/", {}, Authorization=f"Bearer {token}").status] += 1
            self.assertEqual(statuses, {201: 10, 429: 6})

    def test_chat_over_http_has_one_bucket_for_all_connections(self):
        with Signald() as signald:
            _, token = signald.sign_up("ann")
            statuses = collections.Counter()
            started = time.monotonic()
            connections = [self.enterContext(Connection(signald)) for _ in range(4)]
            for _ in range(20):
                for connection in connections:
                    answer = connection.ask("POST", "/api/chat/messages", {"username": "ann", "message": "x"},
                                            Authorization=f"Bearer {token}")
                    statuses[answer.status] += 1
            self.assertEqual(statuses[201] + statuses[429], 80)
            self.assertLessEqual(statuses[201], 30 + 10 * (time.monotonic() - started) + 1)

    def test_an_address_has_a_hundred_sockets_whatever_it_claims(self):
        with Signald() as signald:
            opened = [self.enterContext(WebSocket(signald.port, X_Forwarded_For=f"203.0.113.{number}"))
                      for number in range(103)]
            self.assertEqual([client.status for client in opened], [101] * 100 + [429] * 3)

    def test_turn_credentials_are_limited_per_address(self):
        with Signald() as signald:
            statuses = collections.Counter()
            for number in range(35):
                statuses[signald.ask("GET", "/api/turn/config", X_Forwarded_For=f"203.0.113.{number}").status] += 1
            self.assertEqual(statuses, {200: 30, 429: 5})


class EnumerationTest(unittest.TestCase):
    def test_guesses_are_all_alike_and_thirty_a_minute_at_every_door(self):
        doors = {"detail": lambda signald, code: signald.ask("GET", f"/api/meeting/{code}/", token=token),
                 "join": lambda signald, code: signald.ask("POST", f"/api/meeting/join/{code}/", {"guest_name": "Gil"}),
                 "calendar": lambda signald, code: signald.ask("GET", f"/api/meeting/{code}/calendar.ics", token=token),
                 "participants": lambda signald, code: signald.ask("GET", f"/api/meeting/{code}/participants/", token=token),
                 "guest": lambda signald, code: signald.ask("POST", "/api/auth/guest", {"name": "Gil", "meetingId": code}),
                 "leave": lambda signald, code: signald.ask("POST", f"/api/meeting/leave/{code}/", {}, token),
                 "invites": lambda signald, code: signald.ask("GET", f"/api/meeting/{code}/invites", token=token)}
        for name, door in doors.items():
            with Signald() as signald:
                _, token = signald.sign_up("ann")
                answers = [door(signald, code) for code in codes(40)]
                self.assertEqual([answer.status for answer in answers], [404] * 30 + [429] * 10, name)
                for answer in answers[:30]:
                    answer.body.pop("requestId")
                self.assertEqual(len({json.dumps(answer.body) for answer in answers[:30]}), 1, name)

    def test_sockets_guess_no_more_than_that_together(self):
        with Signald() as signald:
            outcomes = collections.Counter()
            guesses = codes(60)
            for _ in range(12):
                with WebSocket(signald.port) as client:
                    client.say({"type": "auth", "guest": {"name": f"Gil {len(outcomes)} {sum(outcomes.values())}"}})
                    self.assertEqual(client.hear("auth-ok", "error")["type"], "auth-ok")
                    for number in range(5):
                        outcomes[client.ask({"type": "join", "meetingId": next(guesses)}, number + 1)["code"]] += 1
            self.assertEqual(outcomes, {"meeting_not_found": 30, "rate_limited": 30})

    def test_who_is_not_invited_learns_nothing(self):
        with Signald() as signald:
            _, host = signald.sign_up("ann")
            _, other = signald.sign_up("bob")
            made = signald.ask("POST", "/api/meeting/create/", {"title": "Quite secret", "access_type": "private"}, host).body
            code, uuid = made["meeting"]["code"], made["meeting_id"]
            for answer in (signald.ask("GET", f"/api/meeting/{uuid}/", token=other),
                           signald.ask("GET", f"/api/meeting/{code}/", token=other),
                           signald.ask("POST", f"/api/meeting/join/{code}/", {}, other),
                           signald.ask("POST", f"/api/meeting/join/{code}/", {"guest_name": "Gil"}),
                           signald.ask("GET", f"/api/meeting/{code}/calendar.ics", token=other)):
                self.assertEqual((answer.status, answer.code), (403, "not_invited"))
                for secret in ("Quite secret", code, uuid, "ann"):
                    self.assertNotIn(secret, json.dumps(answer.body))
            self.assertEqual(signald.ask("GET", "/api/meetings/", token=other).body["total"], 0)

    def test_nobody_is_found_by_an_address(self):
        with Signald() as signald:
            signald.sign_up("ann")
            _, other = signald.sign_up("bob")
            for query in ("ann@example.org", "@example", "example.org"):
                self.assertEqual(signald.ask("GET", f"/api/users?query={query}", token=other).body["data"], [], query)


class MeetingPasswordTest(SignaldCase):
    configuration = {"trusted_proxies": ["127.0.0.1"], "limits": {"join": "0"}}

    def test_a_thousand_guesses_of_a_hundred_addresses(self):
        _, host = self.signald.sign_up("ann")
        _, friend = self.signald.sign_up("bob")
        code = self.signald.ask("POST", "/api/meeting/create/", {"password": "1234"}, host).body["meeting"]["code"]
        door = f"/api/meeting/join/{code}/"
        self.assertEqual(self.signald.ask("POST", door, {"password": "1234"}, friend).status, 200)
        outcomes = collections.Counter()
        with Connection(self.signald) as connection:
            for number in range(1000):
                body = {"guest_name": f"Gil {number}", "password": f"{number + 5000:04}"}
                outcomes[connection.ask("POST", door, body, X_Forwarded_For=f"198.51.100.{number % 100}").status] += 1
        self.assertEqual(outcomes[200], 0)
        self.assertLessEqual(outcomes[401], 100, "evaluated")
        self.assertEqual(outcomes[401] + outcomes[202] + outcomes[429], 1000)

        crowded = self.signald.ask("POST", door, {"guest_name": "Hal", "password": "1234"}, X_Forwarded_For="203.0.113.1")
        self.assertEqual(crowded.status, 429, "200 without an account wait already")
        _, invited = self.signald.sign_up("cat")
        right = self.signald.ask("POST", door, {"password": "1234"}, invited)
        self.assertEqual((right.status, right.body["reason"]), (202, "waiting_room"), "a host decides")
        self.assertEqual(self.signald.ask("POST", door, {}, friend).status, 200, "who is in stays in")
        self.assertEqual(self.signald.ask("POST", door, {}, host).status, 200)
        pages = [self.signald.ask("GET", f"/api/notifications?limit=100&page={page}", token=host).body["notifications"]
                 for page in range(1, 8)]
        kinds = collections.Counter(notification["type"] for page in pages for notification in page)
        self.assertEqual(kinds["meeting_password_guessed"], 1, kinds)
        respond = self.signald.ask("POST", f"/api/meeting/join-request/{right.body['request_id']}/respond/",
                                   {"action": "approve"}, host)
        self.assertEqual(respond.status, 200)
        self.assertEqual(self.signald.ask("POST", door, {}, invited).status, 200)


class HashTest(SignaldCase):
    configuration = {"limits": {"login": "0", "sockets_per_ip": 0}}
    LOGINS = 1000
    ARGON2_KIB = 19_456

    def test_passwords_are_kept_as_argon2id(self):
        self.signald.sign_up("ann")
        with tempfile.TemporaryDirectory() as folder:
            for path in (self.signald.directory / "state").glob("signald.db*"):
                shutil.copy(path, folder)
            with sqlite3.connect(pathlib.Path(folder) / "signald.db") as db:
                (kept,) = db.execute("SELECT password_hash FROM users WHERE email = 'ann@example.org'").fetchone()
        self.assertRegex(kept, r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$")

    def test_a_thousand_log_ins_at_once_are_bounded_and_do_not_hold_up_the_sockets(self):
        _, token = self.signald.sign_up("eve")
        body = json.dumps({"email": "eve@example.org", "password": "wrong one"}).encode()
        request = (b"POST /auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                   b"Content-Length: %d\r\n\r\n" % len(body)) + body
        talker = self.member(token)
        self.assertIsNotNone(talker.ask({"type": "ping"}))
        before = self.signald.resident_kib()
        sockets = []
        statuses = collections.Counter()
        peak, waits = before, []

        def read_all():
            for connection in sockets:
                answer = b""
                while piece := connection.recv(65536):
                    answer += piece
                head = answer.partition(b"\r\n\r\n")[0].decode()
                statuses[int(head.split(" ")[1])] += 1
                if " 503 " in head.splitlines()[0]:
                    self.assertIn("Retry-After:", head)

        try:
            for _ in range(self.LOGINS):
                sockets.append(socket.create_connection(("127.0.0.1", self.signald.port), 120))
                sockets[-1].sendall(request)
            reader = threading.Thread(target=read_all)
            reader.start()
            while reader.is_alive():
                started = time.monotonic()
                talker.ask({"type": "ping"})
                waits.append(time.monotonic() - started)
                peak = max(peak, self.signald.resident_kib())
                reader.join(0.02)
        finally:
            for connection in sockets:
                connection.close()
        self.assertEqual(statuses[401] + statuses[503], self.LOGINS, statuses)
        self.assertGreater(statuses[401], 90)
        self.assertGreater(statuses[503], 0)
        # Each of the pool's threads has the memory of one hash; the rest is the connections'.
        self.assertLess(peak - before, 4 * self.ARGON2_KIB + 32 * self.LOGINS)
        self.assertLess(statistics.quantiles(waits, n=20)[17], 0.1, "signaling goes on")


if __name__ == "__main__":
    unittest.main()
