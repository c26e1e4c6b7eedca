"""TTL, DSCP and ECN of relayed packets: those of turnd's own machine on every path, whatever the arriving ones were (the
alternate behaviours of RFC 8656 s14)."""

import contextlib
import pathlib
import socket
import struct
import sys
import unittest
from collections.abc import Callable
from typing import NamedTuple

from support import SERVER4, SERVER6, TurnClient
from support.far_end import FAR4, FAR6
from support.offload_case import PASSWORD, USER, OffloadCase

CHANNEL = 0x4001
FAMILIES = {"ipv4": (SERVER4, *FAR4), "ipv6": (SERVER6, *FAR6)}
# The last two bits are ECN (RFC 3168): ECT(1), ECT(0), congestion experienced.
EF, AF41, CS1 = 46 << 2, 34 << 2, 8 << 2
MARKS = (EF, EF | 1, AF41 | 2, CS1 | 3, 3)
HOPS = 7
IP_RECVTTL, UDP_SEGMENT = 12, 103  # linux/in.h, linux/udp.h
SIZE = 600


class Fields(NamedTuple):
    mark: int  # DSCP and ECN: the octet of IPv4's TOS, of IPv6's traffic class
    hops: int  # TTL, hop limit


class Options(NamedTuple):
    """Of sockets."""

    level: int
    mark: int
    hops: int
    told: tuple  # asks the kernel to tell both
    hops_told: int


OPTIONS = {
    socket.AF_INET: Options(socket.IPPROTO_IP, socket.IP_TOS, socket.IP_TTL, (socket.IP_RECVTOS, IP_RECVTTL),
                            socket.IP_TTL),
    socket.AF_INET6: Options(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, socket.IPV6_UNICAST_HOPS,
                             (socket.IPV6_RECVTCLASS, socket.IPV6_RECVHOPLIMIT), socket.IPV6_HOPLIMIT),
}


def mark_what_leaves(udp, mark):
    options = OPTIONS[udp.family]
    udp.setsockopt(options.level, options.mark, mark)
    udp.setsockopt(options.level, options.hops, HOPS)


def ask_for_fields(udp):
    options = OPTIONS[udp.family]
    for each in options.told:
        udp.setsockopt(options.level, each, 1)


def receive(udp):
    """The next datagram and its fields."""
    options = OPTIONS[udp.family]
    datagram, ancillary, _, _ = udp.recvmsg(65536, 256)
    told = {kind: int.from_bytes(value, sys.byteorder) for level, kind, value in ancillary if level == options.level}
    return datagram, Fields(told[options.mark], told[options.hops_told])


def own_fields(family):
    """What the near end's packets have when nothing is asked."""
    file = "ipv4/ip_default_ttl" if family == "ipv4" else "ipv6/conf/relay0/hop_limit"
    return Fields(0, int(pathlib.Path("/proc/sys/net", file).read_text()))


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

    def assert_sent_anew(self, way, expected, numbers, send):
        """What `send` sends arrives, and shows nothing of how it came."""
        send()
        arrived = [receive(way.receiver) for _ in numbers]
        found = [number for datagram, _ in arrived for number in numbers if payload(number) in datagram]
        self.assertEqual(sorted(found), sorted(numbers))
        self.assertEqual({fields for _, fields in arrived}, {expected})

    def check_single_packets(self, way, expected):
        for number, mark in enumerate(MARKS, 1):
            mark_what_leaves(way.sender, mark)
            self.assert_sent_anew(way, expected, [number], lambda: way.send(payload(number)))

    def check_a_burst(self, turnd, way, expected):
        """Packets that wait for turnd together, four of each mark."""
        numbers = range(1, 4 * len(MARKS) + 1)

        def send():
            with turnd.paused():
                for number in numbers:
                    mark_what_leaves(way.sender, MARKS[(number - 1) // 4])
                    way.send(payload(number))

        self.assert_sent_anew(way, expected, numbers, send)

    def check_packets_that_arrive_in_one_piece(self, way, expected):
        """As those that the kernel has merged (GRO): the sender lets it cut them, and on this link nobody has to."""
        for mark in MARKS:
            numbers = range(1, 9)
            pieces = [way.framed(payload(number)) for number in numbers]
            mark_what_leaves(way.sender, mark)
            way.sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, len(pieces[0]))
            try:
                self.assert_sent_anew(way, expected, numbers, lambda: way.sender.send(b"".join(pieces)))
            finally:
                way.sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 0)

    def check_every_way(self, turnd, mode):
        for family in FAMILIES:
            expected = own_fields(family)
            for in_channel in (True, False):
                with self.ways(family, in_channel) as ways:
                    for direction, way in ways.items():
                        with self.subTest(family=family, direction=direction, in_channel=in_channel):
                            by_kernel = mode != "off" and in_channel
                            with turnd.paused() if by_kernel else contextlib.nullcontext():
                                self.check_single_packets(way, expected)
                            self.check_a_burst(turnd, way, expected)
                            if in_channel:
                                self.check_packets_that_arrive_in_one_piece(way, expected)

    def test_what_it_sends_without_a_relay_is_marked(self):
        for _, one, other in FAMILIES.values():
            with contextlib.closing(self.far.udp(one)) as sender, contextlib.closing(self.far.udp(other)) as receiver:
                sender.connect(receiver.getsockname()[:2])
                ask_for_fields(receiver)
                for mark in MARKS:
                    mark_what_leaves(sender, mark)
                    sender.send(payload(1))
                    self.assertEqual(receive(receiver), (payload(1), Fields(mark, HOPS)))

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
