"""coturn's own client against turnd: every client transport, both families.

It binds channel numbers up to 0x7FFF, which RFC 8656 s12 has reserved, so it sends with indications here (-s);
channels are what browsers and pion use.
"""

import itertools
import re
import subprocess
import tempfile
import unittest

from support import PEER4, PEER6, SERVER4, SERVER6, Certificates, Turnd

USER, PASSWORD = "alice", "correct horse battery staple"
MESSAGES = 50


def configuration(certificates):
    certificate, key = certificates.issue("server")
    listen = [f"{scheme}://{host}:{port}"
              for host in (SERVER4, f"[{SERVER6}]")
              for scheme, port in (("udp", 3478), ("tcp", 3478), ("tls", 5349), ("dtls", 5349))]
    return {
        "realm": "example.org",
        "listen": listen,
        "relay": {"addresses": [SERVER4, SERVER6]},
        "tls": {"certificate": str(certificate), "key": str(key)},
        "auth": {"users": {USER: {"password": PASSWORD}}},
        "peers": {"allow": [PEER4, PEER6]},
    }


class TurnutilsCase(unittest.TestCase):
    """A turnd, echoing peers, and coturn's client."""
    environment = {}
    settings = {}  # what a test adds to the configuration

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.turnd = cls.enterClassContext(Turnd(
            {**configuration(Certificates(cls.folder.name)), **cls.settings}, cls.environment))
        for peer in (PEER4, PEER6):
            echo = subprocess.Popen(["turnutils_peer", "-L", peer, "-p", "3480"], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
            cls.addClassCleanup(echo.wait)
            cls.addClassCleanup(echo.terminate)

    def run_client(self, *flags, server=SERVER4, port=3478):
        command = ["turnutils_uclient", "-s", "-c", "-u", USER, "-w", PASSWORD, "-p", str(port), "-n", str(MESSAGES), "-z", "5",
                   *flags, server]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def assert_all_arrived(self, output):
        sent, received = map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", output)[-1])
        self.assertGreater(sent, 0, output)
        self.assertEqual(received, sent, output)
        lost = re.findall(r"Total lost packets (\d+)", output)
        self.assertEqual(set(lost) or {"0"}, {"0"}, output)


class TurnutilsTest(TurnutilsCase):
    def relayed(self):
        return self.turnd.get("/v1/status")["totals"]["relayed_packets"]

    def assert_all_relayed_over_tls(self, before, output):
        """This client takes a TLS record for one message and loses those that shared one, so turnd's word counts too."""
        sent, received = map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", output)[-1])
        self.assertEqual(self.relayed() - before, 2 * sent, output)
        self.assertGreater(received, 0, output)

    def test_every_transport_and_family_relays_to_a_peer_and_back(self):
        transports = {"udp": ((), 3478), "tcp": (("-t",), 3478), "tls": (("-t", "-S"), 5349), "dtls": (("-S",), 5349)}
        families = {"ipv4": (SERVER4, PEER4, ()), "ipv6": (SERVER6, PEER6, ("-x",))}
        for (transport, (flags, port)), (family, (server, peer, more)) in itertools.product(transports.items(),
                                                                                            families.items()):
            with self.subTest(transport=transport, family=family):
                before = self.relayed()
                output = self.run_client(*flags, *more, "-e", peer, server=server, port=port)
                if transport == "tls":
                    self.assert_all_relayed_over_tls(before, output)
                else:
                    self.assert_all_arrived(output)

    def test_an_ipv4_client_relays_to_an_ipv6_peer_rfc6156(self):
        self.assert_all_arrived(self.run_client("-x", "-e", PEER6))

    def test_two_clients_call_each_other_through_their_relayed_addresses(self):
        # Not over TLS: this client takes each TLS record for one message, and turnd puts what is there into one record.
        for flags, port in (((), 3478), (("-t",), 3478), (("-S",), 5349)):
            with self.subTest(flags=flags):
                self.assert_all_arrived(self.run_client(*flags, "-y", "-m", "2", port=port))

    def test_tls_and_dtls_are_recognised_on_the_plain_port(self):
        before = self.relayed()
        self.assert_all_relayed_over_tls(before, self.run_client("-t", "-S", "-e", PEER4, port=3478))
        self.assert_all_arrived(self.run_client("-S", "-e", PEER4, port=3478))

    def test_dont_fragment_is_understood_rfc8656_s14_8(self):
        self.assert_all_arrived(self.run_client("-g", "-e", PEER4))


if __name__ == "__main__":
    unittest.main()
