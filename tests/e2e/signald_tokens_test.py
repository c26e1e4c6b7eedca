"""Access tokens: what passes for one (W-JWT), where they travel (W-TOK), and when they end (W-SESS)."""

import base64
import hashlib
import hmac
import json
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

from support.signald import Signald
from support.signald_case import SignaldCase
from support.websocket import WebSocket

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"
PASSWORD = "correct horse"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, claims, key):
    """A token with HMAC-SHA256; `header` may be text, to say what a dictionary cannot."""
    first = header if isinstance(header, str) else json.dumps(header)
    text = f"{encoded(first.encode())}.{encoded(json.dumps(claims).encode())}"
    return f"{text}.{encoded(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


class Listener:
    """Where a server that follows a URL of a token would come."""

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/keys.json"
        return self

    def __exit__(self, *_):
        self._socket.close()

    def was_called(self):
        try:
            self._socket.accept()
            return True
        except BlockingIOError:
            return False


def forgeries(header, claims, key, url):
    """Tokens that each lack one thing, by what it is."""
    now = int(time.time())
    none = {name: f"{encoded(json.dumps({**header, 'alg': name}).encode())}.{encoded(json.dumps(claims).encode())}."
            for name in ("none", "NONE", "nOnE")}
    kid = header["kid"]
    made = {f"alg {name}, unsigned": token for name, token in none.items()}
    made.update({f"alg {name}, signed": signed({**header, "alg": name}, claims, key)
                 for name in ("none", "HS384", "HS512", "RS256", "EdDSA", "hs256", "")})
    changes = {"another audience": {"aud": "other"}, "no audience": {"aud": None}, "another issuer": {"iss": "https://evil.example"},
               "no issuer": {"iss": None}, "expired": {"exp": now - 1}, "not yet valid": {"nbf": now + 3600},
               "issued in the future": {"iat": now + 3600}, "exp as text": {"exp": str(now + 900)}, "exp 1e99": {"exp": 1e99},
               "exp negative": {"exp": -1}, "exp a list": {"exp": [now + 900]}, "exp beyond 64 bits": {"exp": 2 ** 70}}
    made.update({name: signed(header, {**claims, **change}, key) for name, change in changes.items()})
    made["no exp"] = signed(header, {name: value for name, value in claims.items() if name != "exp"}, key)
    # The file /dev/null would make an empty key of the name, and SQL any.
    for name, other in (("../../dev/null", b""), ("/dev/null", b""), ("' UNION SELECT 'x' --", b"x"), ("", b""),
                        ("0" * 16, key), (["x"], key), (kid + "\u0000", key)):
        made[f"kid {name!r}"] = signed({**header, "kid": name}, claims, other)
    mine = b"m" * 32
    made["a key of its own"] = signed({**header, "jwk": {"kty": "oct", "kid": kid, "k": encoded(mine)}}, claims, mine)
    made["jku"] = signed({**header, "jku": url}, claims, mine)
    made["x5u"] = signed({**header, "x5u": url, "x5c": [encoded(mine)]}, claims, mine)
    made["crit"] = signed({**header, "crit": ["exp"]}, claims, key)
    made["another type"] = signed({**header, "typ": "at+jwt"}, claims, key)
    made["alg twice"] = signed(f'{{"alg":"none","alg":"HS256","typ":"JWT","kid":"{kid}"}}', claims, key)
    made["alg twice, escaped"] = signed(f'{{"\\u0061lg":"none","alg":"HS256","typ":"JWT","kid":"{kid}"}}', claims, key)
    made["100 KiB of kid"] = signed({**header, "kid": "k" * 100_000}, claims, key)
    made["100 KiB of claims"] = signed(header, {**claims, "name": "n" * 100_000}, key)
    good = signed(header, claims, key)
    made["no signature"] = good.rpartition(".")[0] + "."
    made["a signature more"] = good + "." + good.rpartition(".")[2]
    made["a padded signature"] = good + "="
    return made


class TokenTest(SignaldCase):
    environment = {"JWT_SECRET": SECRET}
    configuration = {"limits": {"sockets_per_ip": 0, "header": "1MiB"}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, cls.token = cls.signald.sign_up("ann")
        cls.header, cls.claims = (decoded(part) for part in cls.token.split(".")[:2])

    def statuses(self, signald, token):
        """At every door: the API with header and cookie, the socket's handshake, the socket's first message."""
        asked = [signald.ask("GET", "/api/auth/me", token=token), signald.ask("GET", "/api/auth/me", Cookie=f"access={token}"),
                 signald.ask("GET", "/api/turn/config", token=token), signald.ask("POST", "/api/auth/logout-all", token=token)]
        statuses = {answer.status for answer in asked}
        with WebSocket(signald.port, Authorization=f"Bearer {token}") as client:
            statuses.add(client.status)
        with WebSocket(signald.port) as client:
            answer = client.log_in(token)
            statuses.add(answer["code"] if answer and answer["type"] == "error" else answer and answer["type"])
            statuses.add(client.read_to_end())
        return statuses

    def test_a_forged_token_opens_no_door_and_calls_nobody(self):
        self.assertEqual(self.signald.ask("GET", "/api/auth/me", token=signed(self.header, self.claims, SECRET.encode())).status,
                         200, "what the forgeries are made from")
        with Listener() as elsewhere:
            for name, token in forgeries(self.header, self.claims, SECRET.encode(), elsewhere.url).items():
                with self.subTest(name):
                    token = token.encode("unicode_escape").decode()
                    refused = self.statuses(self.signald, token)
                    expected = {401, "token_expired" if name in ("expired",) else "unauthenticated", 4401}
                    if "100 KiB" in name:  # more than a message may have
                        refused -= {None, 1009}
                        expected -= {"unauthenticated", 4401}
                    self.assertEqual(refused, expected)
            self.assertFalse(elsewhere.was_called())
        self.assertEqual(self.signald.ask("GET", "/api/auth/me", token=self.token).status, 200)

    def test_no_hmac_is_made_with_a_public_key(self):
        with tempfile.TemporaryDirectory() as folder:
            private = pathlib.Path(folder) / "token.pem"
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
            forms = {form: subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-outform", form], check=True,
                                          stdout=subprocess.PIPE).stdout for form in ("PEM", "DER")}
            keys = {**forms, "PEM without its last line end": forms["PEM"].rstrip(), "the 32 bytes": forms["DER"][-32:]}
            with Signald({"auth": {"algorithm": "EdDSA", "key_file": str(private)}}) as signald:
                _, token = signald.sign_up("ann")
                header, claims = (decoded(part) for part in token.split(".")[:2])
                self.assertEqual(header["alg"], "EdDSA")
                for name, key in keys.items():
                    for algorithm in ("HS256", "EdDSA"):
                        forged = signed({**header, "alg": algorithm}, claims, key)
                        self.assertEqual(self.statuses(signald, forged), {401, "unauthenticated", 4401}, f"{name} {algorithm}")
                self.assertEqual(signald.ask("GET", "/api/auth/me", token=token).status, 200)


class TokenInUrlTest(unittest.TestCase):
    def test_http_reads_no_token_from_the_url(self):
        for query_token in (False, True):
            with Signald({"compat": {"query_token": query_token}}) as signald:
                _, token = signald.sign_up("ann")
                for name in ("token", "access_token", "jwt", "auth"):
                    for path in ("/api/auth/me", "/api/conversations", "/api/notifications"):
                        self.assertEqual(signald.ask("GET", f"{path}?{name}={token}").status, 401, f"{path} {name}")
                with WebSocket(signald.port, f"/ws?token={token}") as client:
                    answer = client.ask({"type": "subscribe", "topic": "presence"})
                    self.assertEqual(answer["type"], "ok" if query_token else "error")

    def test_no_secret_is_in_the_log_or_readable_in_the_database(self):
        with Signald({"compat": {"query_token": True}, "log": {"level": "debug", "format": "json", "message_text": False},
                      "limits": {"login": "0"}}) as signald:
            secrets = self.use_every_secret(signald)
            _, admin = signald.make_administrator("root")
            shown = {"the event log": json.dumps(signald.ask("GET", "/api/logs?limit=1000", token=admin).body),
                     "the metrics": signald.ask("GET", "/metrics").body, "standard error": "\n".join(signald.lines)}
            self.assertIn("user_login", shown["the event log"])
            kept = b"".join(path.read_bytes() for path in (signald.directory / "state").iterdir() if path.is_file())
        for name, secret in secrets.items():
            for where, text in shown.items():
                self.assertNotIn(secret, text, f"{name} in {where}")
            if name not in ("chat", "calendar key"):
                self.assertNotIn(secret.encode(), kept, f"{name} in the files")

    def use_every_secret(self, signald):
        """Whatever somebody could have sent or got, by its name."""
        password, meeting_password = "a password of ann's", "opensesame12"
        session = signald.ask("POST", "/api/auth/signup", {"email": "ann@example.org", "password": password}).body
        token = session["access_token"]
        signald.ask("POST", "/api/auth/login", {"email": "ann@example.org", "password": "wrong " + password})
        signald.ask("POST", "/api/auth/login", {"email": "ann@example.org", "password": password})
        fresh = signald.ask("POST", "/api/auth/refresh", {"refresh_token": session["refresh_token"]}).body
        guest = signald.ask("POST", "/api/auth/guest", {"name": "Gil"}).body
        meeting = signald.ask("POST", "/api/meeting/create/", {"password": meeting_password, "waiting_room": True}, token).body
        code = meeting["meeting"]["code"]
        signald.ask("POST", f"/api/meeting/join/{code}/", {"guest_name": "Eve", "password": "wrong one"})
        waits = signald.ask("POST", f"/api/meeting/join/{code}/", {"guest_name": "Fay", "password": meeting_password}).body
        signald.ask("GET", f"/api/meeting/{code}/join-request/{waits['request_id']}/status/"
                           f"?request_secret={waits['request_secret']}")
        calendar = signald.ask("GET", "/api/meetings/", token=token).body["calendar_url"].partition("key=")[2]
        signald.ask("GET", f"/api/meetings/calendar.ics?key={calendar}")
        signald.ask("GET", f"/api/auth/me?token={token}", token=token)
        signald.ask("GET", f"/nothing/{token}?access_token={token}")
        line = "nobody else is to read this line"
        with WebSocket(signald.port, f"/ws?token={token}") as client:
            resume = client.hear("auth-ok")["resumeToken"]
            client.ask({"type": "subscribe", "conversationId": "general"})
            client.ask({"type": "chat", "conversationId": "general", "message": line}, 2)
        return {"password": password, "meeting password": meeting_password, "access token": token,
                "refresh token": fresh["refresh_token"], "guest secret": guest["guest_secret"],
                "request secret": waits["request_secret"], "calendar key": calendar, "resume token": resume, "chat": line}


class SessionEndTest(SignaldCase):
    configuration = {"limits": {"login": "0"}}
    environment = {"JWT_EXPIRES_IN": "15m"}

    def ended_within_5_s(self, client, codes):
        """The socket is closed with one of these codes, and what it says after that goes nowhere."""
        started = time.monotonic()
        self.assertIn(client.read_to_end(), codes)
        self.assertLess(time.monotonic() - started, 5)
        client.say({"type": "ping"})
        self.assertIsNone(client.hear("pong"))

    def test_what_ends_a_session_ends_its_sockets(self):
        deeds = {"logout": ("POST", "/api/auth/logout", {}), "logout-all": ("POST", "/api/auth/logout-all", {}),
                 "deactivation": ("PATCH", "/api/users/{id}", {"isActive": False}), "deletion": ("DELETE", "/api/users/{id}", None)}
        for name, (method, path, body) in deeds.items():
            with self.subTest(name):
                user, token = self.signald.sign_up(name)
                client = self.member(token)
                answer = self.signald.ask(method, path.replace("{id}", str(user)), body, token)
                self.assertEqual(answer.status, 200, answer.body)
                self.ended_within_5_s(client, (4401,) if name.startswith("logout") else (4401, 4403))

    def test_a_password_change_ends_the_sockets_of_other_sessions(self):
        _, token = self.signald.sign_up("ann")
        other = self.signald.ask("POST", "/api/auth/login", {"email": "ann@example.org", "password": PASSWORD}).body
        mine, others = self.member(token), self.member(other["access_token"])
        change = {"current_password": PASSWORD, "new_password": "another horse"}
        self.assertEqual(self.signald.ask("POST", "/api/auth/password", change, token).status, 200)
        self.ended_within_5_s(others, (4401,))
        self.assertIsNotNone(mine.ask({"type": "ping"}))

    def test_a_token_ends_in_the_middle_of_a_connection(self):
        with Signald(environment={"JWT_EXPIRES_IN": "2s"}) as signald:
            _, token = signald.sign_up("ann")
            with WebSocket(signald.port) as client:
                self.assertEqual(client.log_in(token)["type"], "auth-ok")
                self.assertIsNotNone(client.hear("auth-expiring"))
                bye = client.hear("bye")
                self.assertEqual((bye["code"], bye["reason"]), (4401, "token_expired"))


if __name__ == "__main__":
    unittest.main()
