"""A TURN client over UDP, small enough to be read: an allocation that stands for as long as a test needs it."""

import hashlib
import hmac
import os
import socket
import struct

COOKIE = 0x2112A442
ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND = 0x003, 0x004, 0x008, 0x009
SUCCESS, ERROR = 0x100, 0x110
SEND_INDICATION, DATA_INDICATION = 0x016, 0x017
USERNAME, INTEGRITY, ERROR_CODE, CHANNEL_NUMBER, LIFETIME, REALM, NONCE = 6, 8, 9, 0x0C, 0x0D, 0x14, 0x15
REQUESTED_FAMILY, REQUESTED_TRANSPORT = 0x17, 0x19
XOR_PEER_ADDRESS, DATA, XOR_RELAYED_ADDRESS, DONT_FRAGMENT = 0x12, 0x13, 0x16, 0x1A


class Refused(Exception):
    def __init__(self, code):
        super().__init__(f"refused with {code}")
        self.code = code


class TurnClient:
    """`with TurnClient(server, user, password) as client:` holds an allocation inside the block."""

    def __init__(self, server, user, password, port=3478, udp=None):
        """`udp`: a socket to use instead of a new one."""
        self.user, self.password = user, password
        self._is_v6 = ":" in server
        self._socket = udp or socket.socket(socket.AF_INET6 if self._is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect((server, port))
        self._challenge = None
        self.relayed = None  # (address, port)

    def __enter__(self):
        try:
            family = [(REQUESTED_FAMILY, b"\x02\0\0\0")] if self._is_v6 else []
            answer, transaction = self._request(ALLOCATE, [(REQUESTED_TRANSPORT, b"\x11\0\0\0"), *family])
            self.relayed = self._endpoint(answer[XOR_RELAYED_ADDRESS], transaction)
        except Refused:
            self._socket.close()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.refresh(0)
        except Refused as refusal:
            if refusal.code not in (401, 437):  # the server has removed the user, or ended the session, before
                raise
        finally:
            self._socket.close()

    @property
    def udp(self):
        """Its socket, connected to the server."""
        return self._socket

    @property
    def address(self):
        return "%s:%d" % self._socket.getsockname()[:2]

    def refresh(self, seconds=600):
        self._request(REFRESH, [(LIFETIME, struct.pack("!I", seconds))])

    def permit(self, peer):
        self._request(CREATE_PERMISSION, [(XOR_PEER_ADDRESS, peer)])

    def bind(self, channel, peer):
        self._request(CHANNEL_BIND, [(CHANNEL_NUMBER, struct.pack("!HH", channel, 0)), (XOR_PEER_ADDRESS, peer)])

    def send(self, peer, payload, dont_fragment=False):
        attributes = [(XOR_PEER_ADDRESS, peer), (DATA, payload)]
        if dont_fragment:
            attributes.append((DONT_FRAGMENT, b""))
        self._socket.send(self._encode(SEND_INDICATION, os.urandom(12), attributes, signed=False))

    def send_channel(self, channel, payload):
        self._socket.send(struct.pack("!HH", channel, len(payload)) + payload)

    def receive_channel(self, timeout=5):
        """(channel, payload) of the next ChannelData message; None when none comes."""
        self._socket.settimeout(timeout)
        try:
            while True:
                message = self._socket.recv(65536)
                channel, length = struct.unpack("!HH", message[:4])
                if 0x4000 <= channel <= 0x4FFF:
                    return channel, message[4:4 + length]
        except TimeoutError:
            return None
        finally:
            self._socket.settimeout(5)

    def receive(self):
        """The payload of the next Data indication."""
        while True:
            message = self._socket.recv(65536)
            kind, length, _ = struct.unpack("!HHI", message[:8])
            if kind == DATA_INDICATION:
                return self._decode(message[20:20 + length])[DATA]

    def _request(self, method, attributes):
        for _ in range(3):  # without credentials, with them, with a fresh nonce
            kind, answer, transaction = self._transact(method, attributes)
            if kind == method | SUCCESS:
                return answer, transaction
            code = answer[ERROR_CODE][2] * 100 + answer[ERROR_CODE][3]
            if code != 438 and not (code == 401 and self._challenge is None):
                raise Refused(code)
            self._challenge = (answer[REALM], answer[NONCE])
        raise Refused(438)

    def _transact(self, method, attributes):
        transaction = os.urandom(12)
        self._socket.send(self._encode(method, transaction, attributes))
        while True:
            message = self._socket.recv(2048)
            kind, length, _ = struct.unpack("!HHI", message[:8])
            if message[8:20] == transaction and kind & ERROR & ~method:
                return kind, self._decode(message[20:20 + length]), transaction

    def _encode(self, method, transaction, attributes, signed=True):
        signed = signed and self._challenge is not None
        if signed:
            realm, nonce = self._challenge
            attributes = [*attributes, (USERNAME, self.user.encode()), (REALM, realm), (NONCE, nonce)]
        attributes = [(kind, self._xored(value, transaction) if isinstance(value, tuple) else value)
                      for kind, value in attributes]
        body = b"".join(struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
                        for kind, value in attributes)
        if not signed:
            return struct.pack("!HHI", method, len(body), COOKIE) + transaction + body
        # RFC 8489 s14.5: the length counts MESSAGE-INTEGRITY itself.
        message = struct.pack("!HHI", method, len(body) + 24, COOKIE) + transaction + body
        key = hashlib.md5(b":".join([self.user.encode(), realm, self.password.encode()])).digest()
        return message + struct.pack("!HH", INTEGRITY, 20) + hmac.new(key, message, hashlib.sha1).digest()

    @staticmethod
    def _mask(octets, transaction):
        mask = struct.pack("!I", COOKIE) + transaction
        return bytes(octet ^ key for octet, key in zip(octets, mask))

    @classmethod
    def _xored(cls, endpoint, transaction):
        address, port = endpoint
        family, number = (socket.AF_INET6, 2) if ":" in address else (socket.AF_INET, 1)
        return struct.pack("!BBH", 0, number, port ^ COOKIE >> 16) + cls._mask(socket.inet_pton(family, address), transaction)

    @classmethod
    def _endpoint(cls, xored, transaction):
        family = socket.AF_INET6 if xored[1] == 2 else socket.AF_INET
        port = struct.unpack("!H", xored[2:4])[0] ^ COOKIE >> 16
        return socket.inet_ntop(family, cls._mask(xored[4:], transaction)), port

    @staticmethod
    def _decode(body):
        attributes = {}
        while len(body) >= 4:
            kind, length = struct.unpack("!HH", body[:4])
            attributes.setdefault(kind, body[4:4 + length])
            body = body[4 + (length + 3) // 4 * 4:]
        return attributes
