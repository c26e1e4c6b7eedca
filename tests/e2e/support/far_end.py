"""The other end of the link, in a network namespace of its own: clients and peers that reach turnd through an interface."""

import contextlib
import ctypes
import os
import pathlib
import socket
import struct
import subprocess
import sys
import unittest

CLONE_NEWNET = 0x40000000
FAR4 = ("10.77.0.10", "10.77.0.20")
FAR6 = ("fd77::10", "fd77::20")
_libc = ctypes.CDLL(None, use_errno=True)


def _set_namespace(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def set_forwarding_of_lo(family, value):
    pathlib.Path(f"/proc/sys/net/{family}/conf/lo/forwarding").write_text(str(value))


def set_features(link, **features):
    """Of a network interface, by ethtool: gro="on" ..."""
    words = [word for pair in features.items() for word in pair]
    subprocess.run(["ethtool", "-K", link, *words], check=True, capture_output=True)


def may_load_programs():
    """Whether this process may load what turnd does, tried with the smallest program that there is."""
    bpf, load, classifier, read_bounding_set, perfmon = {"x86_64": 321}.get(os.uname().machine, 280), 5, 3, 23, 38
    # r0 = 0; exit
    instructions = ctypes.create_string_buffer(struct.pack("=BBhi", 0xb7, 0, 0, 0) + struct.pack("=BBhi", 0x95, 0, 0, 0), 16)
    licence = ctypes.create_string_buffer(b"GPL")
    attributes = ctypes.create_string_buffer(
        struct.pack("=IIQQ", classifier, 2, ctypes.addressof(instructions), ctypes.addressof(licence)), 128)
    loaded = _libc.syscall(ctypes.c_long(bpf), ctypes.c_long(load), attributes, ctypes.c_long(len(attributes)))
    if loaded < 0:
        return False
    os.close(loaded)
    return _libc.prctl(read_bounding_set, ctypes.c_ulong(perfmon)) == 1


def leave_out(why):
    """Ends a test for which the kernel would have to relay, and says so where nobody reads what was skipped. Whoever has to
    know that it was tested sets REQUIRE_OFFLOAD=1, or auto: then it is tested wherever this machine allows it."""
    wanted = os.environ.get("REQUIRE_OFFLOAD", "")
    may_be = "CAP_BPF" in why or "built without" in why
    if not may_be or (may_load_programs() if wanted == "auto" else wanted not in ("", "0")):
        raise AssertionError(why)
    print(f"*** NOT TESTED: relaying in the kernel: {why} (REQUIRE_OFFLOAD=1 makes this a failure)", file=sys.stderr)
    raise unittest.SkipTest(why)


def internet_checksum(message):
    """RFC 1071, of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class FarEnd:
    """`with FarEnd() as far:` takes one end of the test's link (tests/e2e/run) away; sockets are made there."""

    def __enter__(self):
        self._near = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"],
                                        stdout=subprocess.PIPE)
        self._holder.stdout.readline()
        self._far = os.open(f"/proc/{self._holder.pid}/ns/net", os.O_RDONLY)
        self._ip("link", "set", "relay1", "netns", str(self._holder.pid))
        # These were the near end's other addresses: here they belong to nobody.
        self._ip("address", "delete", "10.77.0.2/24", "dev", "relay0")
        self._ip("address", "delete", "fd77::2/64", "dev", "relay0")
        with self.entered():
            self._ip("link", "set", "lo", "up")
            for address in (*(f"{each}/24" for each in FAR4), *(f"{each}/64" for each in FAR6)):
                nodad = ["nodad"] if ":" in address else []
                self._ip("address", "add", address, "dev", "relay1", *nodad)
            self._ip("link", "set", "relay1", "up")
        return self

    def __exit__(self, *_):
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()
        os.close(self._far)
        os.close(self._near)

    @contextlib.contextmanager
    def entered(self):
        """Inside the block this thread, and what it starts, is at the far end."""
        _set_namespace(self._far)
        try:
            yield
        finally:
            _set_namespace(self._near)

    def add_link(self, near, far, addresses):
        """A second link: `addresses` are pairs of those at the near and at the far end, which also answer from there."""
        self._ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", str(self._holder.pid))
        self._ip("link", "set", near, "up")
        with self.entered():
            self._ip("link", "set", far, "up")
        for at_near, at_far in addresses:
            family, bits, nodad = ("-6", 64, ["nodad"]) if ":" in at_near else ("-4", 24, [])
            self._ip("address", "add", f"{at_near}/{bits}", "dev", near, *nodad)
            with self.entered():
                self._ip("address", "add", f"{at_far}/{bits}", "dev", far, *nodad)
                self._ip(family, "rule", "add", "from", at_far, "lookup", "78")
                self._ip(family, "route", "add", "default", "via", at_near, "table", "78")

    def udp(self, address, port=0):
        """A bound UDP socket there."""
        with self.entered():
            udp = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        udp.settimeout(5)
        udp.bind((address, port))
        return udp

    def capture(self):
        """A socket that hears every frame that arrives there."""
        with self.entered():
            frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            frames.bind(("relay1", 0))
        frames.settimeout(5)
        return frames

    def tell_mtu(self, mtu, source, destination):
        """As a router would on the way of UDP from `source` to `destination` (RFC 1191): what is bigger does not pass."""
        udp = struct.pack("!HHHH", source[1], destination[1], mtu + 100, 0)
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + mtu + 100, 0, 0x4000, 64, socket.IPPROTO_UDP, 0,
                         socket.inet_aton(source[0]), socket.inet_aton(destination[0]))
        message = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + ip + udp  # destination unreachable, fragmentation needed
        message = message[:2] + struct.pack("!H", internet_checksum(message)) + message[4:]
        with self.entered(), socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as router:
            router.sendto(message, (source[0], 0))

    @staticmethod
    def _ip(*arguments):
        subprocess.run(["ip", *arguments], check=True)
