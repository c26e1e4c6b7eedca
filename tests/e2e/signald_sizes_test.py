"""What signald takes in one piece (W-SIZE), and what a flood of it costs."""

import json
import socket
import unittest

from support.signald_case import SignaldCase
from support.websocket import BINARY, CLOSE, CONTINUATION, PING, TEXT, WebSocket, frame

MESSAGE = 64 * 1024
BODY = 1024 * 1024
MILLION = 1_000_000
GROWTH_KIB = 1024
DEFLATE = "permessage-deflate; client_max_window_bits"
RSV1 = 0x40


def ping_of(size):
    """A message of that many bytes, which is answered."""
    empty = len(json.dumps({"type": "ping", "id": 1, "t": ""}))
    return json.dumps({"type": "ping", "id": 1, "t": "x" * (size - empty)}).encode()


def members(count):
    return {f"k{number}": number for number in range(count)}


class FrameTest(SignaldCase):
    configuration = {"limits": {"sockets_per_ip": 0}}

    def close_code_after(self, data):
        client = self.connect()
        client.send(data)
        return client.read_to_end()

    def test_a_message_of_64_kib_is_taken_and_one_byte_more_is_not(self):
        client = self.connect()
        client.send(frame(TEXT, ping_of(MESSAGE)))
        self.assertEqual(client.hear("pong")["id"], 1)
        self.assertEqual(self.close_code_after(frame(TEXT, ping_of(MESSAGE + 1))), 1009)
        halves = frame(TEXT, bytes(MESSAGE // 2), final=False) + frame(CONTINUATION, bytes(MESSAGE // 2 + 1))
        self.assertEqual(self.close_code_after(halves), 1009)

    def test_a_length_is_judged_before_the_bytes_come(self):
        for length in (MESSAGE + 1, 1 << 31, 1 << 32, 1 << 62):
            self.assertEqual(self.close_code_after(frame(TEXT, length=length)), 1009, length)
        for length in (1 << 63, (1 << 64) - 1):
            self.assertIn(self.close_code_after(frame(TEXT, length=length)), (1002, 1009), length)

    def test_what_rfc_6455_forbids_ends_with_its_code(self):
        text = b'{"type":"ping"}'
        self.assertEqual(self.close_code_after(frame(TEXT, text, masked=False)), 1002)
        self.assertEqual(self.close_code_after(frame(TEXT, b'{"type":"ping","t":"\xc0\xaf"}')), 1007)
        self.assertEqual(self.close_code_after(frame(TEXT, b'"\xed\xa0\x80"')), 1007)
        self.assertEqual(self.close_code_after(frame(PING, bytes(126))), 1002)
        self.assertEqual(self.close_code_after(frame(PING, b"x", final=False)), 1002)
        self.assertEqual(self.close_code_after(frame(CONTINUATION, text)), 1002)
        self.assertEqual(self.close_code_after(frame(TEXT, text, final=False) + frame(TEXT, text)), 1002)
        self.assertEqual(self.close_code_after(frame(3, text)), 1002)
        self.assertEqual(self.close_code_after(frame(CLOSE, b"x")), 1002)
        self.assertEqual(self.close_code_after(frame(CLOSE, b"\x03\xe8\xff")), 1007)
        self.assertEqual(self.close_code_after(frame(BINARY, text)), 1003)

    def test_nothing_is_compressed(self):
        client = self.connect(Sec_WebSocket_Extensions=DEFLATE)
        self.assertEqual(client.status, 101)
        self.assertNotIn("sec-websocket-extensions", client.head.lower())
        # What would be 64 KiB of zeros, and could be 64 MiB.
        client.send(frame(TEXT, b"\xec\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xf7\x4f\x6d\x0e\x37\xa0", reserved=RSV1))
        self.assertEqual(client.read_to_end(), 1002)

    def test_a_message_has_32_fragments_at_most(self):
        text = b'{"type":"ping","id":1,"t":"0123"}'[:32].ljust(32)
        whole = json.dumps({"type": "ping", "id": 1}).encode().ljust(32)
        pieces = [frame(TEXT if i == 0 else CONTINUATION, whole[i:i + 1], final=i == 31) for i in range(32)]
        client = self.connect()
        client.send(b"".join(pieces))
        self.assertEqual(client.hear("pong")["id"], 1)
        one_more = frame(TEXT, text[:1], final=False) + frame(CONTINUATION, b" ", final=False) * 31 + frame(CONTINUATION)
        self.assertEqual(self.close_code_after(one_more), 1009)

    def test_a_million_fragments_cost_nothing(self):
        for payload in (b"x", b""):
            self.flood(payload)  # what the first flood of a kind leaves behind in the allocator is not growth
            before = self.signald.resident_kib()
            for _ in range(10):
                self.flood(payload)
            self.assertLess(self.signald.resident_kib() - before, GROWTH_KIB, payload)

    def flood(self, payload):
        with WebSocket(self.signald.port) as client:
            client.send(frame(TEXT, payload, final=False))
            piece = frame(CONTINUATION, payload, final=False) * 1000
            sent = 0
            while sent < MILLION and client.send(piece):
                sent += 1000
            self.assertIn(client.read_to_end(), (1009, None))  # None: the end came over the close frame

    def test_json_is_bounded_in_depth_and_members(self):
        client = self.connect()
        _, token = self.signald.sign_up("ann")
        client.log_in(token)
        deep = {"type": "data", "topic": "x", "payload": None}
        for text in (b"[" * 60_000, json.dumps({**deep, "payload": json.loads("[" * 40 + "]" * 40)}).encode(),
                     json.dumps({**deep, **members(257)}).encode(), json.dumps({**deep, "payload": members(257)}).encode()):
            client.send(frame(TEXT, text))
            self.assertEqual(client.hear("error")["code"], "bad_request", text[:50])
        self.assertIsNotNone(client.ask({"type": "ping"}), "the connection stays")


class HttpSizeTest(SignaldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, cls.token = cls.signald.sign_up("ann")

    def raw(self, data, more=b""):
        """The status line of the answer to these bytes; `more` is sent while the answer is awaited."""
        with socket.create_connection(("127.0.0.1", self.signald.port), 10) as connection:
            try:
                connection.sendall(data)
                for _ in range(64 if more else 0):
                    connection.sendall(more)
            except (BrokenPipeError, ConnectionResetError):
                pass
            answer = b""
            try:
                while b"\r\n" not in answer:
                    piece = connection.recv(4096)
                    if not piece:
                        break
                    answer += piece
            except ConnectionResetError:
                pass
            return answer.split(b"\r\n")[0].decode()

    def test_headers_are_16_kib_and_100_lines(self):
        line = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
        self.assertIn(" 200 ", self.raw(line + b"X-A: b\r\n" * 99 + b"\r\n"))
        self.assertIn(" 431 ", self.raw(line + b"X-A: b\r\n" * 100 + b"\r\n"))
        self.assertIn(" 431 ", self.raw(line + b"X-A: " + b"b" * 17_000 + b"\r\n\r\n"))
        self.assertIn(" 431 ", self.raw(b"GET /" + b"a" * 17_000))
        self.assertIn(" 431 ", self.raw(b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                                        b"X-A: b\r\n" * 1000 + b"\r\n"))

    def test_a_body_is_1_mib_by_its_length_before_it_comes(self):
        head = f"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {{}}\r\n\r\n"
        for length in (BODY + 1, 10 * BODY, (1 << 63) - 1):
            self.assertIn(" 413 ", self.raw(head.format(length).encode()), length)
        for length in ("-1", "1 1", "0x10", "18446744073709551616", "+5"):
            self.assertIn(" 400 ", self.raw(head.format(length).encode()), length)
        chunked = (b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b" " * (1 << 16) + b"\r\n"
        self.assertIn(" 413 ", self.raw(chunked, chunk))

    def test_bodies_that_are_too_large_cost_nothing(self):
        chunked = (b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b" " * (1 << 16) + b"\r\n"
        self.raw(chunked, chunk)
        before = self.signald.resident_kib()
        for _ in range(20):
            self.raw(chunked, chunk)
        self.assertLess(self.signald.resident_kib() - before, 2 * GROWTH_KIB)

    def test_json_is_bounded_in_depth_and_members(self):
        for body in (b"[" * 100_000, b'{"a":' * 100_000, b'{"email":' + b"[" * 33 + b"]" * 33 + b"}",
                     json.dumps(members(257)).encode(), json.dumps({"email": members(257)}).encode(),
                     json.dumps(members(60_000)).encode()):
            answer = self.signald.ask("POST", "/auth/login", body, Content_Type="application/json")
            self.assertEqual((answer.status, answer.code), (400, "bad_request"), body[:40])

    def test_every_text_has_its_length(self):
        account = {"email": "x@example.org", "password": "correct horse"}
        too_long = {
            "/api/auth/signup": [{**account, "email": "x" * 251 + "@a.b"}, {**account, "password": "p" * 1025},
                                 {**account, "name": "n" * 101}, {**account, "username": "u" * 21}],
            "/api/auth/guest": [{"name": "g" * 41}, {"name": "e\u0301" * 10_000}],
            "/api/meeting/create/": [{"title": "t" * 201}, {"password": "p" * 21}, {"course_id": "c" * 65}],
            "/api/conversations": [{"title": "t" * 10_000, "members": []}],
            "/api/blogs": [{"title": "t" * 201, "content": "x"}],
        }
        for path, bodies in too_long.items():
            for body in bodies:
                answer = self.signald.ask("POST", path, body, self.token)
                self.assertEqual((answer.status, answer.code), (400, "bad_request"), f"{path} {list(body)}")
        big = self.signald.ask("POST", "/api/auth/signup", {**account, "password": "p" * (10 * BODY)})
        self.assertEqual(big.status, 413)
        line = self.signald.ask("POST", "/api/chat/messages", {"username": "ann", "message": "m" * 1001}, self.token)
        self.assertEqual(line.status, 400)


if __name__ == "__main__":
    unittest.main()
