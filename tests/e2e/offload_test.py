"""Relaying in the kernel, by each program: as through the sockets, without them, and no longer than turnd lives."""

import contextlib
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import tempfile
import time
import unittest

from support import SERVER4, SERVER6, TurnClient, Turnd
from support.far_end import FAR4, FAR6, FarEnd, leave_out, set_features, set_forwarding_of_lo
from support.header_fields import Fields, mark_what_leaves
from support.turnd import BIN

USER, PASSWORD = "alice", "correct horse battery staple"
CHANNEL = 0x4001
FAMILIES = {"ipv4": (SERVER4, *FAR4), "ipv6": (SERVER6, *FAR6)}
OTHER_LINK = {"ipv4": ("10.78.0.1", "10.78.0.20"), "ipv6": ("fd78::1", "fd78::20")}  # turnd's end, the far one
LINKS = {"relay0", "other0"}
DROP_IN = pathlib.Path(__file__).parents[2] / "systemd/turnd-offload.conf"
NEAR = [SERVER4, SERVER6, *(near for near, _ in OTHER_LINK.values())]
FIELDS = Fields(mark=46 << 2 | 2, hops=7)
PAYLOADS = [bytes([size % 251]) * size for size in (1, 45, 172, 1001, 1200)]


def configuration(offload, **more):
    return {
        "realm": "example.org",
        "listen": [f"udp://{address if '.' in address else f'[{address}]'}:3478" for address in NEAR],
        "relay": {"addresses": [SERVER4, SERVER6]},
        "auth": {"users": {USER: {"password": PASSWORD}}},
        "peers": {"allow": [*FAR4, *FAR6, *(far for _, far in OTHER_LINK.values())]},
        "offload": offload,
        **more,
    }


far = None


def setUpModule():
    global far
    far = unittest.enterModuleContext(FarEnd())
    far.add_link("other0", "other1", OTHER_LINK.values())
    # XDP looks up its ways out as for packets of this machine's own, which is asked of lo.
    for family in FAMILIES:
        set_forwarding_of_lo(family, 1)


class _Offload:
    """What holds for every program; a subclass names it."""

    offload = None  # as in the configuration
    xdp_mode = None  # as in the status
    far_features = {}

    @classmethod
    def setUpClass(cls):
        for near, away in (("relay0", "relay1"), ("other0", "other1")):
            set_features(near, tx="on")
            with far.entered():
                set_features(away, **cls.far_features)
        with Turnd(configuration("auto")) as turnd:
            offload = turnd.get("/v1/status")["offload"]
        if offload["mode"] == "tc":
            return
        leave_out(offload["why"])

    def start(self, offload=None, **more):
        offload = offload or self.offload
        turnd = self.enterContext(Turnd(configuration(offload, **more)))
        status = turnd.get("/v1/status")["offload"]
        self.assertEqual(status["mode"], offload, status)
        if offload == self.offload:
            self.assertEqual(status["xdp_mode"], self.xdp_mode, status)
            self.assertEqual(set(status["interfaces"]), LINKS)
        return turnd

    @contextlib.contextmanager
    def call(self, family="ipv4", peer_address=None):
        """A client with a channel to a peer, both at the far end."""
        server, client_address, same_link = FAMILIES[family]
        with (contextlib.closing(far.udp(peer_address or same_link)) as peer,
              TurnClient(server, USER, PASSWORD, udp=far.udp(client_address)) as client):
            client.bind(CHANNEL, peer.getsockname()[:2])
            # XDP sends to neighbours that are known, and the sockets ask for them.
            self.assertTrue(self.exchange(client, peer, b"who has this address?"))
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
        with turnd.paused():
            self.assertTrue(self.exchange(client, peer, b"while turnd does nothing at all, for a second or so", 0.5))

    def test_the_capabilities_of_the_service_are_enough(self):
        [capabilities] = re.findall("^CapabilityBoundingSet=(.*)", DROP_IN.read_text(), re.MULTILINE)
        kept = ",".join(["-all", *(each.lower().replace("cap_", "+") for each in capabilities.split())])
        with Turnd(configuration(self.offload), prefix=["setpriv", f"--bounding-set={kept}"]) as turnd:
            self.assertEqual(turnd.get("/v1/status")["offload"]["mode"], self.offload)

    def test_a_channel_is_relayed_and_counted_without_turnd(self):
        self.check_plain_relaying()

    def check_plain_relaying(self):
        turnd = self.start()
        for family in FAMILIES:
            with self.subTest(family), self.call(family) as (client, peer):
                self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 1)
                self.assert_kernel_relays(turnd, client, peer)
                for payload in PAYLOADS:
                    self.assertTrue(self.exchange(client, peer, payload), len(payload))
                [session] = turnd.sessions()
                sent = len(PAYLOADS) + 2
                self.assertEqual(session["traffic"]["to_peer"]["packets"], sent)
                self.assertEqual(session["traffic"]["to_client"]["packets"], sent)
        self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)

    def frames_of(self, offload, family):
        """What arrives at the far end for one packet each way, as bytes of frames."""
        turnd = self.start(offload)
        with self.call(family) as (client, peer), contextlib.closing(far.capture()) as capture:
            for udp in (client.udp, peer):
                mark_what_leaves(udp, FIELDS)
            with contextlib.nullcontext() if offload == "off" else turnd.paused():
                for payload in PAYLOADS[1:]:  # a peer's packet of less than four bytes is for the sockets
                    self.assertTrue(self.exchange(client, peer, payload), len(payload))
            ports = {client.relayed[1]: 1, peer.getsockname()[1]: 2, int(client.address.rsplit(":", 1)[1]): 3}
            frames = arrived(capture)
        self.doCleanups()
        return [normalised(frame, ports) for frame in frames if is_relayed(frame)]

    def frames_of_both(self, family):
        """By the sockets, and by the kernel."""
        set_features("relay0", tx="off")
        with far.entered():
            set_features("relay1", tx="off")
        by_sockets = self.frames_of("off", family)
        self.assertEqual(len(by_sockets), 2 * len(PAYLOADS[1:]))
        return by_sockets, self.frames_of(self.offload, family)

    def test_packets_are_those_that_the_sockets_send_byte_for_byte(self):
        for family in FAMILIES:
            with self.subTest(family):
                by_sockets, by_kernel = self.frames_of_both(family)
                self.assertEqual(by_kernel, by_sockets)

    def test_two_clients_of_this_server_reach_each_other(self):
        turnd = self.start()
        with (TurnClient(SERVER4, USER, PASSWORD, udp=far.udp(FAR4[0])) as one,
              TurnClient(SERVER4, USER, PASSWORD, udp=far.udp(FAR4[1])) as other):
            one.bind(CHANNEL, other.relayed)
            other.bind(CHANNEL + 1, one.relayed)
            with turnd.paused():
                one.send_channel(CHANNEL, PAYLOADS[2])
                self.assertEqual(other.receive_channel(0.5), (CHANNEL + 1, PAYLOADS[2]))
                other.send_channel(CHANNEL + 1, PAYLOADS[3])
                self.assertEqual(one.receive_channel(0.5), (CHANNEL, PAYLOADS[3]))

    def test_client_and_peer_may_be_at_different_interfaces(self):
        turnd = self.start()
        for family, (_, address) in OTHER_LINK.items():
            with self.subTest(family), self.call(family, peer_address=address) as (client, peer):
                self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 1)
                self.assert_kernel_relays(turnd, client, peer)

    def test_nothing_is_relayed_two_seconds_after_turnd_was_killed(self):
        turnd = self.start()
        with contextlib.suppress(ConnectionRefusedError, TimeoutError), self.call() as (client, peer):
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
        turnd = self.start()
        with self.call() as (client, peer):
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.turnctl("sessions", "kill", turnd.sessions()[0]["id"])
            self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)
            self.assertFalse(self.exchange(client, peer, PAYLOADS[2], 0.3))

    def test_a_policy_that_now_denies_the_peer_ends_it_and_a_limit_of_bandwidth_takes_it_to_the_sockets(self):
        turnd = self.start()
        with self.call() as (client, peer):
            turnd.configuration["limits"] = {"bandwidth": {"session": "100 Mbit/s"}}
            turnd.write_configuration()
            turnd.turnctl("reload")
            limited = turnd.get("/v1/status")["offload"]
            self.assertEqual(limited["channels"], 0)
            self.assertIn("limits.bandwidth is set", limited["why"])
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
            turnd.configuration["limits"] = {}
            turnd.write_configuration()
            turnd.turnctl("reload")
            without = turnd.get("/v1/status")["offload"]
        self.assertEqual(offload["mode"], "off")
        self.assertIn("limits.bandwidth is set", offload["why"])
        self.assertEqual(without["mode"], "off")
        self.assertIn("restart", without["why"])

    def test_an_interface_that_comes_is_served_and_one_that_goes_is_not(self):
        turnd = self.start(listen=["udp://0.0.0.0:3478"])
        run_ip("link", "add", "late0", "type", "veth", "peer", "name", "late1")
        self.addCleanup(subprocess.run, ["ip", "link", "delete", "late0"], stderr=subprocess.DEVNULL, check=False)
        set_features("late1", **self.far_features)
        run_ip("address", "add", "198.51.100.1/24", "dev", "late0")
        run_ip("link", "set", "late0", "up")
        self.assert_serves(turnd, {*LINKS, "late0"})
        self.assertTrue(has_program("late0"))
        run_ip("link", "set", "late0", "down")
        self.assert_serves(turnd, LINKS)
        self.assertFalse(has_program("late0"))
        run_ip("link", "delete", "late0")
        with self.call() as (client, peer):
            self.assert_kernel_relays(turnd, client, peer)

    def test_draining_takes_channels_to_the_sockets(self):
        turnd = self.start()
        with self.call() as (client, peer):
            turnd.turnctl("drain")
            self.assertEqual(turnd.get("/v1/status")["offload"]["channels"], 0)
            self.assertTrue(self.exchange(client, peer, PAYLOADS[2]))
            turnd.turnctl("undrain")
            self.assert_kernel_relays(turnd, client, peer)

    def test_a_smaller_mtu_that_a_router_tells_later_is_kept_to(self):
        self.start()
        self.addCleanup(run_ip, "route", "flush", "cache")
        for mtu, size in ((1300, 1400), (1200, 1240)):
            with self.subTest(mtu), self.call() as (client, peer), contextlib.closing(far.capture()) as capture:
                far.tell_mtu(mtu, (SERVER4, 3478), (FAR4[0], int(client.address.rsplit(":", 1)[1])))
                self.assertTrue(self.exchange(client, peer, bytes(size)))
                to_client = [len(frame) for frame in arrived(capture) if frame[30:34] == socket.inet_aton(FAR4[0])]
                self.assertGreater(sum(to_client), size)
                self.assertLessEqual(max(to_client), 14 + mtu)

    def test_what_is_too_big_for_the_way_goes_through_the_sockets(self):
        self.start()
        with self.call() as (client, peer):
            self.assertTrue(self.exchange(client, peer, bytes(1472)))  # to the client it is four bytes more


def arrived(capture):
    """The frames that came to the far end."""
    capture.settimeout(0.2)
    frames = []
    with contextlib.suppress(TimeoutError):
        while True:
            frame, (_, _, kind, *_) = capture.recvfrom(2048)
            if kind != socket.PACKET_OUTGOING:
                frames.append(frame)
    return frames


@contextlib.contextmanager
def no_forwarding_of_lo():
    """As machines are unless somebody has asked for it."""
    for family in FAMILIES:
        set_forwarding_of_lo(family, 0)
    try:
        yield
    finally:
        for family in FAMILIES:
            set_forwarding_of_lo(family, 1)


def filters_of(link):
    """Of tc, as it prints them."""
    return subprocess.run(["tc", "filter", "show", "dev", link, "ingress"], capture_output=True, check=True).stdout


def has_program(link):
    """Whether one of tc or XDP is attached to it."""
    [facts] = json.loads(subprocess.run(["ip", "-json", "link", "show", link], capture_output=True, check=True).stdout)
    return filters_of(link) != b"" or "xdp" in facts


def run_ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class TcTest(_Offload, unittest.TestCase):
    offload = "tc"
    far_features = {"gro": "off", "tx": "on"}

    def test_another_turnd_at_the_same_interfaces_comes_and_goes(self):
        ours = configuration("tc")
        other = self.start(listen=[each.replace(":3478", ":3479") for each in ours["listen"]],
                           relay={**ours["relay"], "ports": "40000-40999"})
        turnd = self.start()
        with self.call() as (client, peer):
            self.assert_kernel_relays(turnd, client, peer)
            other.stop()
            self.assert_kernel_relays(turnd, client, peer)

    def test_what_a_killed_turnd_left_goes_with_the_next_start(self):
        limits = {"bandwidth": {"session": "100 Mbit/s"}}
        for next_start in ({"offload": "off"}, {"offload": "auto", "limits": limits}, {"offload": "xdp"}):
            with self.subTest(next_start):
                turnd = self.start()
                turnd.process.kill()
                turnd.process.wait()
                self.assertNotEqual(filters_of("relay0"), b"")
                turnd.configuration.update(next_start)
                turnd.start()
                self.assertEqual(filters_of("relay0"), b"")
                turnd.stop()

    def test_a_channel_is_relayed_where_lo_does_not_forward(self):
        with no_forwarding_of_lo():
            self.check_plain_relaying()

    def test_packets_where_lo_does_not_forward_are_those_of_the_sockets_but_for_df(self):
        with no_forwarding_of_lo():
            by_sockets, by_kernel = self.frames_of_both("ipv4")
            self.assertEqual(by_kernel, [without_df(frame) for frame in by_sockets])
            self.assertNotEqual(by_kernel, by_sockets)
            by_sockets, by_kernel = self.frames_of_both("ipv6")
            self.assertEqual(by_kernel, by_sockets)

    def test_a_filter_that_somebody_took_away_comes_back(self):
        turnd = self.start()
        subprocess.run(["tc", "filter", "delete", "dev", "relay0", "ingress"], check=True)
        self.assertTrue(turnd.wait_for(lambda: has_program("relay0")))
        with self.call() as (client, peer):
            self.assert_kernel_relays(turnd, client, peer)


class XdpNativeTest(_Offload, unittest.TestCase):
    """At the driver, whose other end takes frames when it does GRO."""

    offload, xdp_mode = "xdp", "native"
    far_features = {"gro": "on", "tx": "on"}

    def test_without_ways_out_it_does_not_start(self):
        set_forwarding_of_lo("ipv6", 0)
        self.addCleanup(set_forwarding_of_lo, "ipv6", 1)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        file = pathlib.Path(folder) / "turnd.yaml"
        file.write_text(json.dumps(configuration("xdp", control={"socket": f"{folder}/control.sock"})))
        done = subprocess.run([BIN / "turnd", "--config", file], env={**os.environ, "STATE_DIRECTORY": folder},
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"turnd: offload: .*net\.ipv6\.conf\.lo\.forwarding.*; .*offload: auto")


class XdpGenericTest(_Offload, unittest.TestCase):
    """Behind the driver, where only packets with complete checksums are relayed."""

    offload, xdp_mode = "xdp", "generic"
    far_features = {"gro": "off", "tx": "off"}


def udp_of(frame):
    """Where the UDP header begins; 0: it is another protocol."""
    if frame[12:14] == b"\x08\x00" and frame[14 + 9] == socket.IPPROTO_UDP:
        return 14 + 20
    return 14 + 40 if frame[12:14] == b"\x86\xdd" and frame[14 + 6] == socket.IPPROTO_UDP else 0


def is_relayed(frame):
    """UDP, and no STUN message."""
    udp = udp_of(frame)
    return udp != 0 and frame[udp + 12:udp + 16] != b"\x21\x12\xa4\x42"


def without_df(frame):
    """As routers may cut it; its header's checksum is left out (normalised())."""
    return frame[:14 + 6] + bytes([frame[14 + 6] & ~0x40]) + frame[14 + 7:]


def normalised(frame, ports):
    """Ports by name, and without what depends on them: each run has its own."""
    frame, udp = bytearray(frame), udp_of(frame)
    if udp == 14 + 20:
        frame[14 + 4:14 + 6] = frame[14 + 10:14 + 12] = b"\0\0"  # each packet has an identification of its own
    else:
        # The flow label, which sockets derive from the ports.
        frame[14 + 1] &= 0xf0
        frame[14 + 2:14 + 4] = b"\0\0"
    for at in (udp, udp + 2):
        [port] = struct.unpack("!H", frame[at:at + 2])
        frame[at:at + 2] = struct.pack("!H", ports.get(port, port))
    frame[udp + 6:udp + 8] = b"\0\0"
    return bytes(frame)


if __name__ == "__main__":
    unittest.main()
