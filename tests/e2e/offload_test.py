"""Relaying in the kernel: the same as through the sockets, without them, and no longer than turnd lives."""

import contextlib
import signal
import socket
import struct
import subprocess
import time
import unittest

from support import SERVER4, SERVER6, TurnClient, Turnd
from support.far_end import FAR4, FAR6, FarEnd

USER, PASSWORD = "alice", "correct horse battery staple"
CHANNEL = 0x4001
FAMILIES = {"ipv4": (SERVER4, *FAR4), "ipv6": (SERVER6, *FAR6)}
PAYLOADS = [bytes([size % 251]) * size for size in (1, 45, 172, 1001, 1200)]


def configuration(offload, **more):
    return {
        "realm": "example.org",
        "listen": [f"udp://{SERVER4}:3478", f"udp://[{SERVER6}]:3478"],
        "relay": {"addresses": [SERVER4, SERVER6]},
        "auth": {"users": {USER: {"password": PASSWORD}}},
        "peers": {"allow": [*FAR4, *FAR6]},
        "offload": offload,
        **more,
    }


class OffloadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.far = cls.enterClassContext(FarEnd())
        with Turnd(configuration("auto")) as turnd:
            offload = turnd.get("/v1/status")["offload"]
        if offload["mode"] == "tc":
            return
        if "CAP_BPF" in offload["why"] or "built without" in offload["why"]:
            raise unittest.SkipTest(offload["why"])
        raise AssertionError(offload["why"])

    def start(self, offload, **more):
        turnd = self.enterContext(Turnd(configuration(offload, **more)))
        offload_status = turnd.get("/v1/status")["offload"]
        self.assertEqual(offload_status["mode"], "off" if offload == "off" else "tc", offload_status)
        return turnd

    @contextlib.contextmanager
    def call(self, family="ipv4"):
        """A client with a channel to a peer, both at the far end."""
        server, client_address, peer_address = FAMILIES[family]
        with (contextlib.closing(self.far.udp(peer_address)) as peer,
              TurnClient(server, USER, PASSWORD, udp=self.far.udp(client_address)) as client):
            client.bind(CHANNEL, peer.getsockname()[:2])
            yield client, peer

    def exchange(self, client, peer, payload, timeout=5):
        """There and back; False when it does not arrive."""
        peer.settimeout(timeout)
        client.send_channel(CHANNEL, payload)
        try:
            received, relay = peer.recvfrom(65536)
        except TimeoutError:
            return False
        self.assertEqual(received, payload)
        peer.sendto(received, relay)
        return client.receive_channel(timeout) == (CHANNEL, payload)

    def assert_kernel_relays(self, turnd, client, peer):
        """With turnd stopped, for less than the time after which the kernel takes it for dead."""
        turnd.process.send_signal(signal.SIGSTOP)
        try:
            self.assertTrue(self.exchange(client, peer, b"while turnd does nothing at all, for a second or so", 0.5))
        finally:
            turnd.process.send_signal(signal.SIGCONT)

    def test_a_channel_is_relayed_and_counted_without_turnd(self):
        turnd = self.start("tc")
        for family in FAMILIES:
            with self.subTest(family), self.call(family) as (client, peer):
                self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 1)
                self.assert_kernel_relays(turnd, client, peer)
                for payload in PAYLOADS:
                    self.assertTrue(self.exchange(client, peer, payload), len(payload))
                [session] = turnd.sessions()
                sent = len(PAYLOADS) + 1
                self.assertEqual(session["traffic"]["to_peer"]["packets"], sent)
                self.assertEqual(session["traffic"]["to_client"]["packets"], sent)
        self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)

    def frames_of(self, offload, family):
        """What arrives at the far end for one packet each way, as bytes of IP packets."""
        self.start(offload)
        with contextlib.closing(self.far.capture()) as capture, self.call(family) as (client, peer):
            for payload in PAYLOADS:
                self.assertTrue(self.exchange(client, peer, payload), len(payload))
            ports = {client.relayed[1]: 1, peer.getsockname()[1]: 2, int(client.address.rsplit(":", 1)[1]): 3}
            capture.settimeout(0.2)
            frames = []
            with contextlib.suppress(TimeoutError):
                while True:
                    frame, (_, _, kind, *_) = capture.recvfrom(2048)
                    if kind != socket.PACKET_OUTGOING:
                        frames.append(frame[14:])
        self.doCleanups()
        return [normalised(frame, ports) for frame in frames if is_relayed(frame)]

    def test_packets_are_those_that_the_sockets_send_byte_for_byte(self):
        subprocess.run(["ethtool", "-K", "relay0", "tx", "off"], check=True, capture_output=True)
        with self.far.entered():
            subprocess.run(["ethtool", "-K", "relay1", "tx", "off"], check=True, capture_output=True)
        for family in FAMILIES:
            with self.subTest(family):
                by_sockets = self.frames_of("off", family)
                self.assertEqual(len(by_sockets), 2 * len(PAYLOADS))
                self.assertEqual(self.frames_of("tc", family), by_sockets)

    def test_two_clients_of_this_server_reach_each_other(self):
        turnd = self.start("tc")
        with (TurnClient(SERVER4, USER, PASSWORD, udp=self.far.udp(FAR4[0])) as one,
              TurnClient(SERVER4, USER, PASSWORD, udp=self.far.udp(FAR4[1])) as other):
            one.bind(CHANNEL, other.relayed)
            other.bind(CHANNEL + 1, one.relayed)
            turnd.process.send_signal(signal.SIGSTOP)
            try:
                one.send_channel(CHANNEL, b"hello")
                self.assertEqual(other.receive_channel(0.5), (CHANNEL + 1, b"hello"))
                other.send_channel(CHANNEL + 1, b"hello yourself")
                self.assertEqual(one.receive_channel(0.5), (CHANNEL, b"hello yourself"))
            finally:
                turnd.process.send_signal(signal.SIGCONT)

    def test_nothing_is_relayed_two_seconds_after_turnd_was_killed(self):
        turnd = self.start("tc")
        with contextlib.suppress(ConnectionRefusedError, TimeoutError), self.call() as (client, peer):
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.process.kill()
            turnd.process.wait()
            time.sleep(2)
            peer.settimeout(0.5)
            client.send_channel(CHANNEL, PAYLOADS[2])
            with self.assertRaises(TimeoutError):
                peer.recv(65536)
        turnd.start()  # replaces what the killed one left
        with self.call() as (client, peer):
            self.assert_kernel_relays(turnd, client, peer)

    def test_it_ends_with_the_session_at_once(self):
        turnd = self.start("tc")
        with self.call() as (client, peer):
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.turnctl("sessions", "kill", turnd.sessions()[0]["id"])
            self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)
            self.assertFalse(self.exchange(client, peer, PAYLOADS[2], 0.3))

    def test_a_policy_that_now_denies_the_peer_ends_it_and_a_limit_of_bandwidth_takes_it_to_the_sockets(self):
        turnd = self.start("tc")
        with self.call() as (client, peer):
            turnd.configuration["limits"] = {"bandwidth": {"session": "100 Mbit/s"}}
            turnd.write_configuration()
            turnd.turnctl("reload")
            self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.configuration["limits"] = {}
            turnd.write_configuration()
            turnd.turnctl("reload")
            self.assert_kernel_relays(turnd, client, peer)
            turnd.configuration["peers"] = {"deny": list(FAR4)}
            turnd.write_configuration()
            turnd.turnctl("reload")
            self.assertFalse(self.exchange(client, peer, PAYLOADS[2], 0.3))

    def assert_serves(self, turnd, wanted):
        served = lambda: set(turnd.get("/v1/status")["offload"]["interfaces"])
        self.assertTrue(turnd.wait_for(lambda: served() == wanted), served())

    def test_auto_leaves_a_server_with_limits_of_bandwidth_to_the_sockets(self):
        with Turnd(configuration("auto", limits={"bandwidth": {"user": "5 Mbit/s"}})) as turnd:
            offload = turnd.get("/v1/status")["offload"]
        self.assertEqual(offload["mode"], "off")
        self.assertIn("limits.bandwidth", offload["why"])

    def test_an_interface_that_comes_is_served_and_one_that_goes_is_not(self):
        turnd = self.start("tc", listen=["udp://0.0.0.0:3478"])
        self.assert_serves(turnd, {"relay0"})
        run_ip("link", "add", "late0", "type", "veth", "peer", "name", "late1")
        self.addCleanup(subprocess.run, ["ip", "link", "delete", "late0"], stderr=subprocess.DEVNULL, check=False)
        run_ip("address", "add", "198.51.100.1/24", "dev", "late0")
        run_ip("link", "set", "late0", "up")
        self.assert_serves(turnd, {"relay0", "late0"})
        run_ip("link", "set", "late0", "down")
        self.assert_serves(turnd, {"relay0"})
        filters = subprocess.run(["tc", "filter", "show", "dev", "late0", "ingress"], capture_output=True, check=True)
        self.assertEqual(filters.stdout, b"")
        run_ip("link", "delete", "late0")
        with self.call() as (client, peer):
            self.assert_kernel_relays(turnd, client, peer)

    def test_draining_takes_channels_to_the_sockets(self):
        turnd = self.start("tc")
        with self.call() as (client, peer):
            turnd.turnctl("drain")
            self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.turnctl("undrain")
            self.assert_kernel_relays(turnd, client, peer)

    def test_what_is_too_big_for_the_way_goes_through_the_sockets(self):
        self.start("tc")
        with self.call() as (client, peer):
            self.assertTrue(self.exchange(client, peer, bytes(1472)))  # to the client it is four bytes more


def run_ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def is_relayed(packet):
    """UDP, and no STUN message."""
    header = 20 if packet[0] >> 4 == 4 else 40
    protocol = packet[9] if header == 20 else packet[6]
    return protocol == socket.IPPROTO_UDP and packet[header + 12:header + 16] != b"\x21\x12\xa4\x42"


def normalised(packet, ports):
    """Ports by name, and without what depends on them: each run has its own."""
    packet = bytearray(packet)
    header = 20 if packet[0] >> 4 == 4 else 40
    if header == 20:
        packet[4:6] = packet[10:12] = b"\0\0"  # each packet has an identification of its own
    if header == 40:
        packet[1:4] = b"\0\0\0"  # the flow label, which sockets derive from the ports
    for at in (header, header + 2):
        [port] = struct.unpack("!H", packet[at:at + 2])
        packet[at:at + 2] = struct.pack("!H", ports.get(port, port))
    packet[header + 6:header + 8] = b"\0\0"
    return bytes(packet)


if __name__ == "__main__":
    unittest.main()
