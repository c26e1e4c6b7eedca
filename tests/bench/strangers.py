#!/usr/bin/python3
"""A flood from strangers: UDP packets whose sources are made up, in a namespace of its own that is joined to the server's.

As a program it is the flood itself, inside that namespace: strangers.py DEVICE MAC ADDRESS PORT RATE SECONDS prints how many
packets it sent, as JSON."""

import json
import os
import random
import socket
import struct
import subprocess
import sys
import time

from side_by_side import Namespace, die_with_parent

# Made up sources: 100.64.0.0/10, of which so many take part.
NETWORK, FIRST, SIZE = "100.64.0.0/10", 100 << 24 | 64 << 16, 1 << 22
SOURCES = 1 << 15
MAGIC = b"\x21\x12\xa4\x42"
STEP = 0.001  # seconds


class Strangers(Namespace):
    """A namespace with one end of a veth pair whose other end is in the server's."""

    NEAR, FAR = "198.19.0.1", "198.19.0.2"  # of the server, of the strangers

    def __init__(self, far):
        """`far`: the server's FarNamespace."""
        super().__init__()
        self._server = far
        far.run("ip", "link", "add", "flood1", "type", "veth", "peer", "name", "flood0", "netns", self.pid)
        self.run("ip", "address", "add", f"{self.FAR}/24", "dev", "flood0")
        self.run("ip", "link", "set", "flood0", "up")
        far.run("ip", "address", "add", f"{self.NEAR}/24", "dev", "flood1")
        far.run("ip", "link", "set", "flood1", "up")
        # Their sources are taken for what they say, and answers go back there, where nobody takes them.
        far.run("sh", "-c", "for each in all flood1; do echo 0 > /proc/sys/net/ipv4/conf/$each/rp_filter; done")
        far.run("ip", "neighbour", "replace", self.FAR, "lladdr", self._mac(self.enter, "flood0"), "dev", "flood1", "nud",
                "permanent")
        far.run("ip", "route", "add", NETWORK, "via", self.FAR, "dev", "flood1")

    @staticmethod
    def _link(enter, device):
        done = subprocess.run([*enter, "ip", "-json", "-statistics", "link", "show", "dev", device], capture_output=True,
                              text=True, check=True)
        return json.loads(done.stdout)[0]

    def _mac(self, enter, device):
        return self._link(enter, device)["address"]

    def arrived(self):
        """Packets at the server's end so far."""
        return self._link(self._server.enter, "flood1")["stats64"]["rx"]["packets"]

    def flood(self, server, port, rate, seconds, core):
        """The running flood of so many packets a second; its caller waits for it."""
        command = ["taskset", "-c", core, sys.executable, "-B", os.path.abspath(__file__), "flood0",
                   self._mac(self._server.enter, "flood1"), server, port, rate, seconds]
        return subprocess.Popen([*self.enter, *map(str, command)], stdout=subprocess.PIPE, text=True,
                                preexec_fn=die_with_parent)


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def payloads(choose):
    """One each of what costs a server something: it is answered, or has to be looked at to be dropped."""
    transaction = choose.randbytes(12)
    requested_transport = b"\x00\x19\x00\x04\x11\x00\x00\x00"
    return [b"\x00\x03\x00\x08" + MAGIC + transaction + requested_transport,  # Allocate without credentials: a 401
            b"\x00\x01\x00\x00" + MAGIC + transaction,  # Binding
            b"\x40\x00\x00\x64" + choose.randbytes(100),  # ChannelData of no allocation
            choose.randbytes(100)]


def frames(mac, server, port, count=SOURCES):
    """Ethernet frames to the server, each from another address."""
    choose = random.Random(1)
    ethernet = bytes.fromhex(mac.replace(":", "")) + b"\x02\x00\x00\x00\x00\x01" + b"\x08\x00"
    made = []
    for number in range(count):
        payload = payloads(choose)[number % 4]
        source = struct.pack("!I", FIRST + choose.randrange(SIZE))
        header = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(payload), number & 0xFFFF, 0, 64, 17, 0)
        header += source + socket.inet_aton(server)
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        udp = struct.pack("!HHHH", choose.randrange(1024, 65536), port, 8 + len(payload), 0)
        made.append(ethernet + header + udp + payload)
    return made


def send(device, made, rate, seconds):
    """As many as are due in each step; how many. What the device does not take is not sent again."""
    sent = 0
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((device, 0))
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < seconds:
            due = int(passed * rate)
            while sent < due:
                out.send(made[sent % len(made)])
                sent += 1
            time.sleep(STEP)
    return sent


def main():
    device, mac, server, port, rate, seconds = sys.argv[1:]
    made = frames(mac, server, int(port))
    print(json.dumps({"sent": send(device, made, float(rate), float(seconds))}))


if __name__ == "__main__":
    main()
