"""turnd with each feature of the kernel switched off: the same clients as ever, and the same payload byte for byte."""

import asyncio
import socket
import subprocess
import unittest

import aiortc_test
import turnutils_test
from aiortc import RTCIceServer
from support import PEER4, SERVER4, TurnClient

NAMES = {"gso": "udp_gso", "gro": "udp_gro", "epoll_pwait2": "epoll_pwait2"}
MTU = 1500


def setUpModule():
    # Both ends of a call are this namespace's own, so it is the loopback that they share.
    subprocess.run(["ip", "link", "set", "lo", "mtu", str(MTU)], check=True)


class FeaturesCase(turnutils_test.TurnutilsCase):
    without = ()  # names
    settings = {"offload": "off"}  # it is the sockets that use them; the offload does without GRO

    @classmethod
    def setUpClass(cls):
        cls.environment = {"TURND_WITHOUT": ",".join(cls.without)}
        super().setUpClass()


class Bursts:
    """What holds with all of them, too."""

    def test_the_status_says_what_is_in_use(self):
        in_use = self.turnd.get("/v1/status")["kernel"]
        self.assertEqual({name: in_use[NAMES[name]] for name in NAMES}, {name: name not in self.without for name in NAMES})

    def test_bursts_of_one_and_of_mixed_sizes_arrive_in_order(self):
        sizes = [1200] * 40 + [500] + [172] * 10 + [172, 1200] * 5 + [0, 1, 1]
        payloads = [bytes([number]) * size for number, size in enumerate(sizes)]
        with self.call() as (client, peer):
            self.assertEqual(self.burst_up(client, peer, payloads), payloads)
            self.assertEqual(self.burst_down(client, peer, payloads), payloads)

    def test_bursts_beyond_the_mtu_are_fragmented(self):
        payloads = [bytes([number]) * (MTU + 300) for number in range(8)] + [b"small"] * 4
        with self.call() as (client, peer):
            self.assertEqual(self.burst_up(client, peer, payloads), payloads)
            self.assertEqual(self.burst_down(client, peer, payloads), payloads)

    def test_what_must_not_be_fragmented_and_does_not_fit_is_dropped_alone_rfc8656_s14_8(self):
        large, small = bytes(MTU + 300), b"small"
        with self.call() as (client, peer):
            arrived = self.burst_up(client, peer, [large, large, small, small], expected=2, dont_fragment=True)
            self.assertEqual(arrived, [small, small])
            self.assertEqual(self.turnd.wait_for(self.drops_of_the_session), {"too_big": 2})

    # Helpers.

    def call(self):
        return Call(turnutils_test.USER, turnutils_test.PASSWORD)

    def drops_of_the_session(self):
        return {reason: count for reason, count in self.turnd.sessions()[-1]["drops"].items() if count}

    def while_turnd_sleeps(self, act):
        """What `act` sends is waiting together when turnd goes on."""
        with self.turnd.paused():
            act()

    def burst_up(self, client, peer, payloads, expected=None, **options):
        self.while_turnd_sleeps(lambda: [client.send(peer.getsockname(), each, **options) for each in payloads])
        return [peer.recv(65536) for _ in range(len(payloads) if expected is None else expected)]

    def burst_down(self, client, peer, payloads):
        self.while_turnd_sleeps(lambda: [peer.sendto(each, client.relayed) for each in payloads])
        return [client.receive() for _ in payloads]


class Checks(Bursts):
    """What holds without: mixed into one class for each feature."""

    def test_turnutils_relays_over_udp_tcp_and_dtls(self):
        for flags in (("-g",), ("-t",), ("-S",)):
            with self.subTest(flags=flags):
                self.assert_all_arrived(self.run_client(*flags, "-e", PEER4))

    def test_a_data_channel_of_aiortc_runs_through_two_relayed_addresses(self):
        messages = [f"message {number}" for number in range(20)]
        server = RTCIceServer(urls=[f"turn:{SERVER4}:3478"], username=turnutils_test.USER,
                              credential=turnutils_test.PASSWORD)
        answers = asyncio.run(aiortc_test.echo_through_relay([server], messages))
        self.assertEqual(answers, ["echo " + message for message in messages])


class Call:
    """A client with an allocation, and a peer that it may reach."""

    def __init__(self, user, password):
        self._client = TurnClient(SERVER4, user, password)
        self._peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self):
        self._peer.settimeout(5)
        self._peer.bind((PEER4, 0))
        client = self._client.__enter__()
        client.permit(self._peer.getsockname())
        return client, self._peer

    def __exit__(self, *error):
        self._peer.close()
        self._client.__exit__(*error)


class WithAll(Bursts, FeaturesCase):
    pass


class WithoutGso(Checks, FeaturesCase):
    without = ("gso",)


class WithoutGro(Checks, FeaturesCase):
    without = ("gro",)


class WithoutEpollPwait2(Checks, FeaturesCase):
    without = ("epoll_pwait2",)


class WithoutAny(Checks, FeaturesCase):
    without = tuple(NAMES)


if __name__ == "__main__":
    unittest.main()
