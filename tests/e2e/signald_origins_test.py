"""Which web pages signald listens to (W-ORIG, W-CSRF), and what it tells browsers about its answers (W-XSS)."""

import itertools
import unittest

from support.signald import Signald
from support.signald_case import SignaldCase
from support.websocket import WebSocket

LISTED = "https://app.example.org"
# What a browser could send for another page, or a page could make a browser send: none of them is the listed one.
FOREIGN = (
    "https://evil.example", "null", "", "http://", "https://", "file://", "*", "app.example.org", "//app.example.org",
    "https://app.example.org.evil.example", "https://app.example.orgx", "https://app.example.org.",
    "https://evilapp.example.org", "https://evil-app.example.org", "https://sub.app.example.org", "https://example.org",
    "http://app.example.org", "wss://app.example.org", "https://app.example.org:8443", "https://app.example.org:443",
    "https://app.example.org/", "https://app.example.org/..", "https://app.example.org#x", "https://app.example.org?x",
    "https://app.example.org@evil.example", "https://user@app.example.org", "https://evil.example/https://app.example.org",
    "https://evil.example?https://app.example.org", "https://app.example.org https://evil.example",
    "https://app.example.org,https://evil.example", "https://app.example.org%2eevil.example", "https://app_example.org",
)
UPGRADES = ("/ws", "/ws/", "/socket.io/?EIO=4&transport=websocket", "/ws/socket.io/?EIO=4&transport=websocket")
POLLING = ("/socket.io/?EIO=4&transport=polling", "/ws/socket.io/?EIO=4&transport=polling")
# What a form or a fetch without preflight can send.
OTHER_TYPES = ("text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded",
               "multipart/form-data; boundary=x", "text/json", "application/jsonx", "application/javascript")
UNSAFE = ("post", "put", "patch", "delete")


def cookies_of(answer):
    """Of a session: as a browser sends them back, and the CSRF token."""
    lines = answer.headers.get_all("Set-Cookie")
    pairs = dict(line.split(";")[0].split("=", 1) for line in lines)
    return "; ".join(f"{name}={pairs[name]}" for name in ("access", "csrf")), pairs["csrf"], lines


class WebSocketOriginTest(SignaldCase):
    configuration = {"origins": [LISTED], "limits": {"sockets_per_ip": 0}}

    def test_no_door_opens_to_a_foreign_page(self):
        for path, origin in itertools.product(UPGRADES, FOREIGN):
            with self.subTest(path=path, origin=origin):
                self.assertEqual(self.connect(path, Origin=origin).status, 403)
        for path, origin in itertools.product(POLLING, FOREIGN):
            with self.subTest(path=path, origin=origin):
                answer = self.signald.ask("GET", path, Origin=origin)
                self.assertEqual(answer.status, 403)
                self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_two_origins_are_no_origin(self):
        client = self.connect("/ws", Origin=f"{LISTED}\r\nOrigin: https://evil.example")
        self.assertEqual(client.status, 403)

    def test_listed_and_own_pages_come_in(self):
        for path, origin in itertools.product(UPGRADES, (LISTED, self.signald.url)):
            self.assertEqual(self.connect(path, Origin=origin).status, 101, f"{path} {origin}")
        for path in POLLING:
            answer = self.signald.ask("GET", path, Origin=LISTED)
            self.assertEqual((answer.status, answer.headers["Access-Control-Allow-Origin"]), (200, LISTED))

    def test_a_name_that_somebody_points_here_is_no_own_page(self):
        port = self.signald.port
        foreign = self.connect("/ws", Host=f"evil.example:{port}", Origin=f"http://evil.example:{port}")
        self.assertEqual(foreign.status, 403)
        own = self.connect("/ws", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")
        self.assertEqual(own.status, 101)

    def test_cookies_count_for_listed_pages_alone(self):
        _, token = self.signald.sign_up("ann")
        with_cookie = self.connect("/ws", Origin=LISTED, Cookie=f"access={token}")
        self.assertEqual(with_cookie.hear("auth-ok")["user"]["username"], "ann")
        without_origin = self.connect("/ws", Cookie=f"access={token}")
        self.assertEqual(without_origin.status, 101)
        self.assertEqual(without_origin.ask({"type": "subscribe", "topic": "presence"})["code"], "unauthenticated")
        bearer = self.connect("/ws", Authorization=f"Bearer {token}")
        self.assertEqual(bearer.hear("auth-ok")["user"]["username"], "ann")

    def test_with_any_origin_allowed_no_cookie_counts(self):
        with Signald({"origins": ["*"]}) as signald:
            _, token = signald.sign_up("ann")
            with WebSocket(signald.port, Origin="https://evil.example", Cookie=f"access={token}") as client:
                self.assertEqual(client.status, 101)
                self.assertEqual(client.ask({"type": "subscribe", "topic": "presence"})["code"], "unauthenticated")
            for path in ("/api/auth/me", POLLING[0]):
                answer = signald.ask("GET", path, Origin="https://evil.example")
                self.assertIsNone(answer.headers["Access-Control-Allow-Credentials"], path)
            forged = signald.ask("POST", "/api/conversations", {"title": "x"}, Origin="https://evil.example",
                                 Cookie=f"access={token}")
            self.assertEqual(forged.status, 403)


class CrossSiteTest(SignaldCase):
    configuration = {"origins": [LISTED], "limits": {"login": "0"}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signald.sign_up("ann")
        session = cls.signald.ask("POST", "/auth/login", {"email": "ann@example.org", "password": "correct horse"})
        cls.cookie, cls.csrf, cls.lines = cookies_of(session)

    def test_a_form_is_no_request(self):
        for content_type in OTHER_TYPES:
            answer = self.signald.ask("POST", "/api/conversations", b'{"title":"x","members":[]}', Cookie=self.cookie,
                                      X_CSRF_Token=self.csrf, Content_Type=content_type)
            self.assertEqual(answer.status, 415, content_type)
            login = self.signald.ask("POST", "/auth/login", b'{"email":"ann@example.org","password":"correct horse"}',
                                     Content_Type=content_type)
            self.assertEqual(login.status, 415, content_type)

    def test_a_fetch_of_a_foreign_page_with_cookies_does_nothing(self):
        for origin in FOREIGN:
            answer = self.signald.ask("POST", "/api/conversations", {"title": "x", "members": []}, Cookie=self.cookie,
                                      X_CSRF_Token=self.csrf, Origin=origin)
            self.assertEqual(answer.status, 403, origin)
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"], origin)
        kept = self.signald.ask("GET", "/api/conversations", Cookie=self.cookie)
        self.assertEqual((kept.status, kept.body["data"]), (200, []))

    def test_every_unsafe_operation_asks_for_the_csrf_token(self):
        document = self.signald.ask("GET", "/api/openapi.json").body
        paths = document["paths"]
        asked = 0
        for path, operations in paths.items():
            for method in set(operations).intersection(UNSAFE):
                # Open ones and those of other servers look at no cookie; /logout and /refresh ask by themselves.
                if not any("cookie" in way for way in operations[method].get("security", document["security"])):
                    continue
                asked += 1
                target = path.replace("{", "").replace("}", "")
                for token in ({}, {"X_CSRF_Token": "guess"}, {"X_CSRF_Token": ""}):
                    answer = self.signald.ask(method.upper(), target, Cookie=self.cookie, **token)
                    self.assertEqual((answer.status, answer.code), (403, "forbidden"), f"{method} {path} {token}")
        self.assertGreater(asked, 40)
        for path in ("/api/auth/logout", "/api/auth/refresh"):
            session = self.signald.ask("POST", "/auth/login", {"email": "ann@example.org", "password": "correct horse"})
            lines = dict(line.split(";")[0].split("=", 1) for line in session.headers.get_all("Set-Cookie"))
            cookie = f"refresh={lines['refresh']}; access={lines['access']}; csrf={lines['csrf']}"
            self.assertIn(self.signald.ask("POST", path, Cookie=cookie).status, (401, 403), path)
            self.assertEqual(self.signald.ask("POST", path, Cookie=cookie, X_CSRF_Token=lines["csrf"]).status, 200, path)

    def test_the_cookies_go_to_this_site_alone(self):
        with Signald({"public_url": "https://meet.example.org"}) as signald:
            signald.sign_up("ann")
            _, _, lines = cookies_of(signald.ask("POST", "/auth/login", {"email": "ann@example.org",
                                                                         "password": "correct horse"}))
        for line in lines:
            self.assertIn("SameSite=Strict", line)
            self.assertIn("Secure", line)
            self.assertNotIn("Domain", line)
            self.assertEqual("HttpOnly" in line, not line.startswith("csrf="), line)

    def test_credentials_are_allowed_to_listed_origins_by_name(self):
        for path in ("/api/auth/me", "/api/nothing", "/", "/health", POLLING[0]):
            for method in ("GET", "OPTIONS"):
                answer = self.signald.ask(method, path, Origin=LISTED, Access_Control_Request_Method="POST")
                self.assertEqual(answer.headers["Access-Control-Allow-Origin"], LISTED, f"{method} {path}")
                self.assertEqual(answer.headers["Access-Control-Allow-Credentials"], "true", f"{method} {path}")
                self.assertIn("Origin", answer.headers["Vary"])
                foreign = self.signald.ask(method, path, Origin="https://evil.example",
                                           Access_Control_Request_Method="POST")
                allowed = [name for name in foreign.headers if name.lower().startswith("access-control-")]
                self.assertEqual(allowed, [], f"{method} {path}")


if __name__ == "__main__":
    unittest.main()
