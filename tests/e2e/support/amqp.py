"""A broker that speaks as much of AMQP 0-9-1 as a publisher with confirms needs, and keeps what it is sent."""

import collections
import socket
import ssl
import struct
import threading

METHOD, HEADER, BODY, HEARTBEAT, END = 1, 2, 3, 8, b"\xce"
# class, method
START, START_OK, TUNE, TUNE_OK, OPEN, OPEN_OK = (10, 10), (10, 11), (10, 30), (10, 31), (10, 40), (10, 41)
CLOSE, CLOSE_OK = (10, 50), (10, 51)
CHANNEL_OPEN, CHANNEL_OPEN_OK, CHANNEL_CLOSE, CHANNEL_CLOSE_OK = (20, 10), (20, 11), (20, 40), (20, 41)
EXCHANGE_DECLARE, EXCHANGE_DECLARE_OK = (40, 10), (40, 11)
QUEUE_DECLARE, QUEUE_DECLARE_OK, QUEUE_BIND, QUEUE_BIND_OK = (50, 10), (50, 11), (50, 20), (50, 21)
PUBLISH, ACK, NACK = (60, 40), (60, 80), (60, 120)
CONFIRM_SELECT, CONFIRM_SELECT_OK = (85, 10), (85, 11)
ACCESS_REFUSED = 403
# Flags of the properties of a message, in their order: (bit, name, struct or None for a short text).
PROPERTIES = [(15, "content_type", None), (14, "content_encoding", None), (13, "headers", "table"), (12, "delivery_mode", "B"),
              (11, "priority", "B"), (10, "correlation_id", None), (9, "reply_to", None), (8, "expiration", None),
              (7, "message_id", None), (6, "timestamp", "Q"), (5, "type", None), (4, "user_id", None), (3, "app_id", None)]

Message = collections.namedtuple("Message", "exchange key properties body queues")


def short(text):
    data = text.encode()
    return bytes([len(data)]) + data


def long(data):
    return struct.pack(">I", len(data)) + data


class Reader:
    def __init__(self, data):
        self.data = data

    def take(self, form):
        size = struct.calcsize(">" + form)
        value, = struct.unpack(">" + form, self.data[:size])
        self.data = self.data[size:]
        return value

    def bytes(self, size):
        data, self.data = self.data[:size], self.data[size:]
        return data

    def short(self):
        return self.bytes(self.take("B")).decode()

    def long(self):
        return self.bytes(self.take("I"))


class Broker:
    """Listens on a port of its own until it is stopped, and again after start(). `refuses` = how many publications are
    answered with a nack."""

    def __init__(self, user="guest", password="guest", certificate=None, refuses=0):
        self.login = f"\0{user}\0{password}".encode()
        self.certificate = certificate
        self.refuses = refuses
        self.exchanges = {}  # name: type
        self.bindings = []  # (queue, exchange, key)
        self.messages = []
        self.connections = 0
        self.port = 0
        self._changed = threading.Condition()
        self._listener = None
        self._open = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has gone by itself
        self._open.clear()

    def wait_for(self, condition, seconds=20):
        """Whether it came true. Asked after every message."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self.certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.certificate)
                connection = context.wrap_socket(connection, server_side=True)
            Session(self, connection).run()
        except (OSError, EOFError):
            pass  # the client has gone
        finally:
            connection.close()

    def took(self, message):
        """Whether it is kept."""
        with self._changed:
            if self.refuses > 0:
                self.refuses -= 1
                return False
            self.messages.append(message)
            self._changed.notify_all()
            return True

    def queues_of(self, exchange, key):
        """As a direct exchange does it, literally; of a topic exchange only `word.*` is understood."""
        kind = self.exchanges.get(exchange)
        return {queue for queue, bound, pattern in self.bindings if bound == exchange and
                (pattern == key if kind == "direct" else key.split(".")[0] + ".*" == pattern)}


class Session:
    def __init__(self, broker, connection):
        self.broker = broker
        self.stream = connection.makefile("rwb")
        self.tag = 0
        self.publication = None
        self.left = 0

    def send(self, channel, method, arguments=b""):
        payload = struct.pack(">HH", *method) + arguments
        self.stream.write(struct.pack(">BHI", METHOD, channel, len(payload)) + payload + END)
        self.stream.flush()

    def frames(self):
        while True:
            kind, channel, size = struct.unpack(">BHI", self.exactly(7))
            payload = self.exactly(size)
            assert self.exactly(1) == END
            yield kind, channel, payload

    def exactly(self, size):
        data = self.stream.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def run(self):
        assert self.exactly(8) == b"AMQP\x00\x00\x09\x01"
        self.send(0, START, b"\x00\x09" + long(b"") + long(b"PLAIN") + long(b"en_US"))
        for kind, channel, payload in self.frames():
            if kind == METHOD:
                reader = Reader(payload)
                method = (reader.take("H"), reader.take("H"))
                if not self.handle(method, channel, reader):
                    return
            elif kind == HEADER:
                self.take_header(channel, Reader(payload))
            elif kind == BODY:
                self.take_body(channel, payload)

    def handle(self, method, channel, reader):
        """False: the connection ends."""
        if method == START_OK:
            reader.long()
            assert reader.short() == "PLAIN"
            if reader.long() != self.broker.login:
                self.send(0, CLOSE, struct.pack(">H", ACCESS_REFUSED) + short("ACCESS_REFUSED") + struct.pack(">HH", 0, 0))
                return False
            self.send(0, TUNE, struct.pack(">HIH", 2047, 131072, 60))
        elif method == OPEN:
            self.broker.connections += 1
            self.send(0, OPEN_OK, short(""))
        elif method == CHANNEL_OPEN:
            self.send(channel, CHANNEL_OPEN_OK, long(b""))
        elif method == CONFIRM_SELECT:
            self.send(channel, CONFIRM_SELECT_OK)
        elif method == EXCHANGE_DECLARE:
            reader.take("H")
            name, kind = reader.short(), reader.short()
            self.broker.exchanges[name] = kind
            self.send(channel, EXCHANGE_DECLARE_OK)
        elif method == QUEUE_DECLARE:
            reader.take("H")
            self.send(channel, QUEUE_DECLARE_OK, short(reader.short()) + struct.pack(">II", 0, 0))
        elif method == QUEUE_BIND:
            reader.take("H")
            binding = (reader.short(), reader.short(), reader.short())
            if binding not in self.broker.bindings:
                self.broker.bindings.append(binding)
            self.send(channel, QUEUE_BIND_OK)
        elif method == PUBLISH:
            reader.take("H")
            self.publication = [reader.short(), reader.short(), {}, b""]
        elif method == CHANNEL_CLOSE:
            self.send(channel, CHANNEL_CLOSE_OK)
        elif method == CLOSE:
            self.send(0, CLOSE_OK)
            return False
        return True

    def take_header(self, channel, reader):
        reader.take("H"), reader.take("H")
        self.left = reader.take("Q")
        flags = reader.take("H")
        for bit, name, form in PROPERTIES:
            if flags & 1 << bit:
                self.publication[2][name] = (reader.short() if form is None else reader.long() if form == "table"
                                             else reader.take(form))
        if self.left == 0:
            self.finish(channel)

    def take_body(self, channel, payload):
        self.publication[3] += payload
        self.left -= len(payload)
        if self.left == 0:
            self.finish(channel)

    def finish(self, channel):
        exchange, key, properties, body = self.publication
        self.tag += 1
        kept = self.broker.took(Message(exchange, key, properties, body, self.broker.queues_of(exchange, key)))
        self.send(channel, ACK if kept else NACK, struct.pack(">QB", self.tag, 0))
