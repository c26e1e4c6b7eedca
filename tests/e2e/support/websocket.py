"""A WebSocket client that says what it is told to, also what RFC 6455 forbids."""

import base64
import json
import os
import select
import socket
import struct

TEXT, BINARY, CLOSE, PING, CONTINUATION = 1, 2, 8, 9, 0
FINAL = 0x80


def frame(opcode, payload=b"", final=True, masked=True, length=None, reserved=0):
    """The bytes of a frame; `length` is what its head says."""
    size = len(payload) if length is None else length
    head = bytes([(FINAL if final else 0) | reserved | opcode])
    mask_bit = 0x80 if masked else 0
    if size < 126:
        head += bytes([mask_bit | size])
    elif size < 1 << 16:
        head += bytes([mask_bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", size)
    return head + (bytes(4) if masked else b"") + payload  # a mask of zeros changes nothing


class WebSocket:
    """Connects at once; `status` is that of the answer to the handshake, `head` all of it."""

    def __init__(self, port, path="/ws", timeout=10, **headers):
        self.timeout = timeout
        self.close_code = None
        self._buffer = b""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        fields = {"Host": f"127.0.0.1:{port}", "Connection": "Upgrade", "Upgrade": "websocket",
                  "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
                  **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self._buffer and self._receive():
            pass
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self.head = head.decode()
        self.status = int(self.head.split(" ")[1]) if self.head else 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.send(frame(CLOSE, struct.pack("!H", 1000)))  # so that its session ends now
        self._socket.close()

    def send(self, data):
        """False when the server has closed the connection."""
        try:
            self._socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def say(self, message):
        return self.send(frame(TEXT, json.dumps(message).encode()))

    def hear(self, *types):
        """The next message of one of these types, or None at the end."""
        while True:
            text = self._next()
            if text is None:
                return None
            message = json.loads(text)
            if message.get("type") in types:
                return message

    def ask(self, message, identity=1):
        """What answers a request: `ok`, `error`, or what its type is answered with."""
        self.say({**message, "id": identity})
        while True:
            text = self._next()
            if text is None:
                return None
            answer = json.loads(text)
            if answer.get("id") == identity:
                return answer

    def log_in(self, token):
        self.say({"type": "auth", "token": token})
        return self.hear("auth-ok", "error")

    def read_to_end(self):
        """Reads until the server has closed; the code of its close frame."""
        while self._next() is not None:
            pass
        return self.close_code

    def is_quiet(self):
        """Nothing has come that was not read."""
        return not self._buffer and not select.select([self._socket], [], [], 0)[0]

    def _receive(self):
        try:
            data = self._socket.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        self._buffer += data
        return bool(data)

    def _take(self, size):
        while len(self._buffer) < size:
            if not self._receive():
                return None
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _next(self):
        """The payload of the next text or binary frame; None at a close frame or the end."""
        while True:
            head = self._take(2)
            if head is None:
                return None
            size = head[1] & 0x7F
            longer = self._take({126: 2, 127: 8}.get(size, 0))
            payload = self._take(int.from_bytes(longer) if longer else size) if longer is not None else None
            if payload is None:
                return None
            if head[0] & 0x0F == CLOSE:
                self.close_code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
                return None
            if head[0] & 0x0F in (TEXT, BINARY):
                return payload
