"""Relaying in the kernel ends with the channel, its permission and its session: as they expire, and by Refresh 0."""

import contextlib
import unittest

from support import SERVER4, TurnClient
from support.far_end import FAR4
from support.offload_case import PASSWORD, USER, OffloadCase

CHANNEL = 0x4001
LIFETIME = "3s"
# What expires, and whether the client's ChannelData still arrives, by the sockets: RFC 8656 s12.6 asks for a channel alone.
EXPIRING = {"channel_lifetime": False, "permission_lifetime": True, "lifetime": False}
PAYLOAD = b"relayed by the kernel while it may be"


class OffloadEndingsTest(OffloadCase):
    @contextlib.contextmanager
    def call(self, turnd):
        """A client and its peer, whose channel the kernel relays."""
        client_address, peer_address = FAR4
        with (contextlib.closing(self.far.udp(peer_address)) as peer,
              TurnClient(SERVER4, USER, PASSWORD, udp=self.far.udp(client_address)) as client):
            client.bind(CHANNEL, peer.getsockname()[:2])
            # XDP sends to neighbours that are known, and the sockets ask for them.
            self.assert_relays(client, peer)
            self.assertEqual(self.offload(turnd)["channels"], 1)
            with turnd.paused():
                self.assert_relays(client, peer)
            yield client, peer

    def assert_relays(self, client, peer):
        client.send_channel(CHANNEL, PAYLOAD)
        received, relay = peer.recvfrom(65536)
        self.assertEqual(received, PAYLOAD)
        peer.sendto(PAYLOAD, relay)
        self.assertEqual(client.receive_channel(), (CHANNEL, PAYLOAD))

    def goes_up(self, client, peer):
        peer.settimeout(0.3)
        client.send_channel(CHANNEL, PAYLOAD)
        try:
            return peer.recv(65536) == PAYLOAD
        except TimeoutError:
            return False

    def goes_down(self, client, peer):
        """In the channel: without one, while the permission lasts, it is a Data indication."""
        peer.sendto(PAYLOAD, client.relayed)
        return client.receive_channel(0.3) is not None

    def test_what_expires_is_relayed_no_more(self):
        for mode in ("tc", "xdp"):
            for limit, goes_up in EXPIRING.items():
                with self.subTest(mode=mode, limit=limit):
                    turnd = self.start(mode, limits={limit: LIFETIME})
                    with self.call(turnd) as (client, peer):
                        self.assertTrue(turnd.wait_for(lambda: self.offload(turnd)["channels"] == 0))
                        self.assertEqual(self.goes_up(client, peer), goes_up)
                        self.assertFalse(self.goes_down(client, peer))
                self.doCleanups()

    def test_a_refresh_of_0_ends_it_at_once(self):
        for mode in ("tc", "xdp"):
            with self.subTest(mode):
                turnd = self.start(mode)
                with self.call(turnd) as (client, peer):
                    client.refresh(0)
                    self.assertEqual(self.offload(turnd)["channels"], 0)
                    self.assertFalse(self.goes_up(client, peer))
                    self.assertFalse(self.goes_down(client, peer))
            self.doCleanups()


if __name__ == "__main__":
    unittest.main()
