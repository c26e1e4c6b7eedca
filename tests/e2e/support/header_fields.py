"""TTL, DSCP and ECN of what a UDP socket sends and is sent."""

import socket
import sys
from typing import NamedTuple

IP_RECVTTL = 12  # linux/in.h


class Fields(NamedTuple):
    mark: int  # DSCP and ECN: the octet of IPv4's TOS, of IPv6's traffic class
    hops: int  # TTL, hop limit


class _Options(NamedTuple):
    """Of sockets."""

    level: int
    mark: int
    hops: int
    told: tuple  # asks the kernel to tell both
    hops_told: int


_OPTIONS = {
    socket.AF_INET: _Options(socket.IPPROTO_IP, socket.IP_TOS, socket.IP_TTL, (socket.IP_RECVTOS, IP_RECVTTL),
                             socket.IP_TTL),
    socket.AF_INET6: _Options(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, socket.IPV6_UNICAST_HOPS,
                              (socket.IPV6_RECVTCLASS, socket.IPV6_RECVHOPLIMIT), socket.IPV6_HOPLIMIT),
}


def mark_what_leaves(udp, fields):
    options = _OPTIONS[udp.family]
    udp.setsockopt(options.level, options.mark, fields.mark)
    udp.setsockopt(options.level, options.hops, fields.hops)


def ask_for_fields(udp):
    options = _OPTIONS[udp.family]
    for each in options.told:
        udp.setsockopt(options.level, each, 1)


def receive(udp):
    """The next datagram and its fields."""
    options = _OPTIONS[udp.family]
    datagram, ancillary, _, _ = udp.recvmsg(65536, 256)
    told = {kind: int.from_bytes(value, sys.byteorder) for level, kind, value in ancillary if level == options.level}
    return datagram, Fields(told[options.mark], told[options.hops_told])
