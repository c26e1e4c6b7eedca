"""TTL, DSCP and ECN of relayed packets: on every path those that they came with, but for one hop (the preferred behaviours of
RFC 8656 s14)."""

import contextlib
import socket
import struct
import unittest
from collections.abc import Callable
from typing import NamedTuple

from support import SERVER4, SERVER6, TurnClient
from support.far_end import FAR4, FAR6
from support.header_fields import Fields, ask_for_fields, mark_what_leaves, receive
from support.offload_case import PASSWORD, USER, OffloadCase

CHANNEL = 0x4001
FAMILIES = {"ipv4": (SERVER4, *FAR4), "ipv6": (SERVER6, *FAR6)}
# The last two bits are ECN (RFC 3168): ECT(1), ECT(0), congestion experienced.
EF, AF41, CS1 = 46 << 2, 34 << 2, 8 << 2
MARKS = (EF, EF | 1, AF41 | 2, CS1 | 3, 3)
HOPS = 7
UDP_SEGMENT = 103  # linux/udp.h
SIZE = 600


def after(relays, mark):
    """Fields of a packet that left with all of HOPS."""
    return Fields(mark, HOPS - relays)


def payload(number):
    return bytes([number]) * SIZE


def channel_data(content):
    return struct.pack("!HH", CHANNEL, len(content)) + content


class Way(NamedTuple):
    """Through the relay."""

    sender: socket.socket  # connected
    receiver: socket.socket
    send: Callable  # one payload
    framed: Callable  # a payload as it leaves in a channel, or from a peer


class HeaderFieldsTest(OffloadCase):
    @contextlib.contextmanager
    def ways(self, family, in_channel):
        """Up and down between a client and a peer, both at the far end."""
        server, client_address, peer_address = FAMILIES[family]
        udp = self.far.udp(client_address)
        with (contextlib.closing(self.far.udp(peer_address)) as peer,
              TurnClient(server, USER, PASSWORD, udp=udp) as client):
            at = peer.getsockname()[:2]
            if in_channel:
                client.bind(CHANNEL, at)
                send_up = lambda content: client.send_channel(CHANNEL, content)
            else:
                client.permit(at)
                send_up = lambda content: client.send(at, content)
            peer.connect(client.relayed)
            ways = {"up": Way(udp, peer, send_up, channel_data), "down": Way(peer, udp, peer.send, bytes)}
            for way in ways.values():
                ask_for_fields(way.receiver)
                way.send(payload(255))  # XDP sends to neighbours that are known, and the sockets ask for them
                receive(way.receiver)
            yield ways

    def assert_relayed(self, way, marks, send):
        """What `send` sends arrives one hop further, each number with its mark."""
        send()
        arrived = [receive(way.receiver) for _ in marks]
        found = {number: fields for datagram, fields in arrived for number in marks if payload(number) in datagram}
        self.assertEqual(found, {number: after(1, mark) for number, mark in marks.items()})

    def check_single_packets(self, way, meanwhile):
        """`meanwhile()` is what goes on while one is relayed."""
        for number, mark in enumerate(MARKS, 1):
            mark_what_leaves(way.sender, Fields(mark, HOPS))
            with meanwhile():
                self.assert_relayed(way, {number: mark}, lambda: way.send(payload(number)))

    def check_a_burst(self, turnd, way):
        """Packets that wait for turnd together, four of each mark."""
        marks = {number: MARKS[(number - 1) // 4] for number in range(1, 4 * len(MARKS) + 1)}

        def send():
            with turnd.paused():
                for number, mark in marks.items():
                    mark_what_leaves(way.sender, Fields(mark, HOPS))
                    way.send(payload(number))

        self.assert_relayed(way, marks, send)

    def check_packets_that_arrive_in_one_piece(self, way):
        """As those that the kernel has merged (GRO): the sender lets it cut them, and on this link nobody has to."""
        for mark in MARKS:
            numbers = range(1, 9)
            pieces = [way.framed(payload(number)) for number in numbers]
            mark_what_leaves(way.sender, Fields(mark, HOPS))
            way.sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, len(pieces[0]))
            try:
                self.assert_relayed(way, dict.fromkeys(numbers, mark), lambda: way.sender.send(b"".join(pieces)))
            finally:
                way.sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 0)

    def check_the_last_hop(self, turnd, way):
        """A packet that came on it goes no further, and is counted; one behind it does."""
        dropped = lambda: turnd.sessions()[0]["drops"]["ttl_expired"]
        before = dropped()
        mark_what_leaves(way.sender, Fields(MARKS[0], 1))
        way.send(payload(1))
        self.assertTrue(turnd.wait_for(lambda: dropped() == before + 1))
        mark_what_leaves(way.sender, Fields(MARKS[0], HOPS))
        self.assert_relayed(way, {2: MARKS[0]}, lambda: way.send(payload(2)))

    def check_every_way(self, turnd, mode):
        for family in FAMILIES:
            for in_channel in (True, False):
                with self.ways(family, in_channel) as ways:
                    for direction, way in ways.items():
                        with self.subTest(family=family, direction=direction, in_channel=in_channel):
                            by_kernel = mode != "off" and in_channel
                            self.check_single_packets(way, turnd.paused if by_kernel else contextlib.nullcontext)
                            self.check_a_burst(turnd, way)
                            if in_channel:
                                self.check_packets_that_arrive_in_one_piece(way)
                            self.check_the_last_hop(turnd, way)
            with self.subTest(family=family, direction="between two clients"):
                self.check_two_clients(turnd, mode, family)

    def check_two_clients(self, turnd, mode, family):
        """Of this server: their packets pass both relays, each of which takes a hop."""
        server, one_address, other_address = FAMILIES[family]
        with (TurnClient(server, USER, PASSWORD, udp=self.far.udp(one_address)) as one,
              TurnClient(server, USER, PASSWORD, udp=self.far.udp(other_address)) as other):
            one.bind(CHANNEL, other.relayed)
            other.bind(CHANNEL, one.relayed)
            ask_for_fields(other.udp)
            one.send_channel(CHANNEL, payload(255))
            receive(other.udp)
            for number, mark in enumerate(MARKS, 1):
                mark_what_leaves(one.udp, Fields(mark, HOPS))
                with turnd.paused() if mode != "off" else contextlib.nullcontext():
                    one.send_channel(CHANNEL, payload(number))
                    self.assertEqual(receive(other.udp), (channel_data(payload(number)), after(2, mark)))

    def test_what_it_sends_without_a_relay_is_marked(self):
        for _, one, other in FAMILIES.values():
            with contextlib.closing(self.far.udp(one)) as sender, contextlib.closing(self.far.udp(other)) as receiver:
                sender.connect(receiver.getsockname()[:2])
                ask_for_fields(receiver)
                for mark in MARKS:
                    mark_what_leaves(sender, Fields(mark, HOPS))
                    sender.send(payload(1))
                    self.assertEqual(receive(receiver), (payload(1), after(0, mark)))

    def test_the_sockets_with_and_without_batches_of_the_kernel(self):
        for without in ("", "gso", "gro", "gso,gro"):
            with self.subTest(without=without):
                turnd = self.start("off", {"TURND_WITHOUT": without})
                self.check_every_way(turnd, "off")
            self.doCleanups()

    def test_the_kernel_by_tc(self):
        self.check_every_way(self.start("tc"), "tc")

    def test_the_kernel_by_xdp(self):
        self.check_every_way(self.start("xdp"), "xdp")


if __name__ == "__main__":
    unittest.main()
