"""`turnctl bench` over every transport: it counts what is relayed, and says why nothing is."""

import unittest

from support import PEER4, SERVER4
from support.turnctl_case import PASSWORD, USER, RunningTurnd, run


class BenchTest(RunningTurnd):
    LITTLE = ("--allocations", "4", "--rate", "400", "--duration", "500ms")

    def bench(self, *arguments):
        return self.json("bench", *arguments, *self.LITTLE)

    def assert_all_arrived(self, report):
        self.assertGreater(report["sent"], 100, report)
        self.assertEqual(report["received"], report["sent"], report)
        self.assertEqual((report["loss"], report["strange"], report["not_sent"]), (0, 0, 0), report)

    def test_every_transport_is_measured(self):
        for uri in (f"turn:{SERVER4}", f"turn:{SERVER4}?transport=tcp", f"turns:{SERVER4}",
                    f"turns:{SERVER4}?transport=udp"):
            with self.subTest(uri=uri):
                report = self.bench(uri, "--ca", self.certificates.authority, "--size", "1000,172", "--burst", "2")
                self.assert_all_arrived(report)
                self.assertEqual(report["relayed_packets"], 2 * report["received"])
                latency = report["latency"]
                self.assertTrue(0 < latency["p50"] <= latency["p90"] <= latency["p99"] <= latency["p999"] <= latency["max"])

    def test_peers_of_this_machine_and_the_cost_of_the_server(self):
        report = self.bench(f"turn:{SERVER4}", "--peer", PEER4, "--pid", self.turnd.process.pid)
        self.assert_all_arrived(report)
        self.assertEqual(report["relayed_packets"], report["received"])
        self.assertGreater(report["server_cost"]["cpu_seconds_per_packet"], 0)
        self.assertGreater(report["server_cost"]["resident_bytes"], 1_000_000)

    def usage(self):
        return self.json("usage", "--limit", "1000")["items"]

    def test_one_direction_alone(self):
        for direction, used, unused in (("up", "to_peer", "to_client"), ("down", "to_client", "to_peer")):
            with self.subTest(direction=direction):
                relayed = lambda: sum(traffic[used]["packets"] for traffic in self.traffic_without(unused))
                before = relayed()
                report = self.bench(f"turn:{SERVER4}", "--peer", PEER4, "--direction", direction)
                self.assert_all_arrived(report)
                # Ended sessions are written a little later.
                self.assertTrue(self.turnd.wait_for(lambda: relayed() - before == report["received"]),
                                (before, relayed(), report))

    def traffic_without(self, direction):
        """Of ended sessions that relayed nothing that way."""
        traffic = [record["traffic"] for record in self.usage()]
        return [each for each in traffic if each[direction]["packets"] == 0]

    def test_indications_instead_of_channels(self):
        for transport in ("udp", "tcp"):
            for peer in (("--peer", PEER4), ()):
                with self.subTest(transport=transport, peer=peer):
                    self.assert_all_arrived(self.bench(f"turn:{SERVER4}?transport={transport}", "--indications",
                                                       "--size", "1000,172", *peer))

    def test_an_allocation_has_its_cost(self):
        report = self.json("bench", f"turn:{SERVER4}", "--peer", PEER4, "--pid", self.turnd.process.pid,
                           "--allocations", "40", "--rate", "400", "--duration", "200ms")
        self.assertGreater(report["server_cost"]["set_up_cpu_seconds_per_allocation"], 0)
        self.assertIn("bytes_per_allocation", report["server_cost"])

    def test_the_maximum_is_what_arrives(self):
        report = self.json("bench", f"turn:{SERVER4}", "--allocations", "2", "--window", "64", "--duration", "300ms")
        self.assertGreater(report["received"], 300, report)
        self.assertGreater(report["packets_per_second"], 0, report)

    def cycles(self, uri, *arguments):
        return self.json("bench", uri, "--cycles", "--allocations", "4", "--duration", "500ms", *arguments)

    def test_whole_cycles_over_every_transport(self):
        for uri in (f"turn:{SERVER4}", f"turn:{SERVER4}?transport=tcp", f"turns:{SERVER4}",
                    f"turns:{SERVER4}?transport=udp"):
            with self.subTest(uri=uri):
                report = self.cycles(uri, "--ca", self.certificates.authority)
                self.assertGreater(report["cycles"], 0, report)
                self.assertEqual((report["failed"], report["first_failure"]), (0, None), report)
                self.assertGreater(report["cycles_per_second"], 0)
                self.assertTrue(0 < report["latency"]["p50"] <= report["latency"]["max"])
                self.assertIsNone(report["server_cost"])

    def test_a_cycle_has_its_cost_and_leaves_nothing_behind(self):
        report = self.cycles(f"turn:{SERVER4}", "--peer", PEER4, "--pid", self.turnd.process.pid)
        self.assertEqual(report["failed"], 0, report)
        self.assertGreater(report["server_cost"]["cpu_seconds_per_cycle"], 0)
        self.assertEqual(self.turnd.sessions(), [])

    def test_cycles_that_are_refused_are_told(self):
        done = self.turnctl("bench", f"turn:{SERVER4}", "--cycles", "--peer", "127.0.0.1", "--duration", "300ms", status=1)
        self.assertIn("CreatePermission was refused with error 403", done.stderr)

    def test_bindings(self):
        for uri in (f"stun:{SERVER4}", f"turn:{SERVER4}"):
            with self.subTest(uri=uri):
                report = self.json("bench", uri, "--bindings", "--allocations", "4", "--window", "8", "--duration", "300ms",
                                   "--pid", self.turnd.process.pid)
                self.assertGreater(report["bindings"], 100, report)
                self.assertEqual((report["loss"], report["strange"], report["not_sent"]), (0, 0, 0), report)
                self.assertGreater(report["server_cost"]["cpu_seconds_per_binding"], 0)

    def test_people_see_cycles_and_bindings(self):
        printed = self.turnctl("bench", f"turn:{SERVER4}", "--cycles", "--duration", "300ms").stdout
        for fact in ("clients", "cycles", "latency"):
            self.assertIn(fact, printed)
        printed = self.turnctl("bench", f"turn:{SERVER4}", "--bindings", "--duration", "300ms").stdout
        for fact in ("clients", "bindings", "lost"):
            self.assertIn(fact, printed)

    def test_people_see_figures(self):
        printed = self.turnctl("bench", f"turn:{SERVER4}", *self.LITTLE).stdout
        for fact in ("allocations", "sent", "received", "lost", "latency", "each packet twice"):
            self.assertIn(fact, printed)

    def test_a_user_of_ones_own_measures_from_anywhere(self):
        done = run("--socket", "/nonexistent", "bench", f"turn:{SERVER4}", *self.LITTLE, "--user", USER,
                   "--password-file", self.file(PASSWORD))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_no_allocation_is_left_behind(self):
        self.bench(f"turn:{SERVER4}?transport=tcp")
        self.assertTrue(self.turnd.wait_for(lambda: not self.turnd.sessions(), seconds=3))

    def test_what_cannot_be_measured_is_told(self):
        for arguments, told in (
                (("stun:" + SERVER4,), "is no TURN URI"),
                ((f"turn:{SERVER4}", "--allocations", "3"), "odd"),
                ((f"turn:{SERVER4}", "--size", "8"), "no size"),
                ((f"turn:{SERVER4}", "--duration", "1h"), "no duration"),
                ((f"turn:{SERVER4}", "--direction", "up"), "no up and down"),
                ((f"turn:{SERVER4}", "--indications", "--size", "2000"), "at most"),
                ((f"turn:{SERVER4}", "--pid", "999999999"), "no process"),
                ((f"turn:{SERVER4}", "--peer", "192.0.2.1"), "this machine"),
                ((f"turn:{SERVER4}:3999?transport=tcp",), "Connection refused"),
                ((f"turn:{SERVER4}", "--cycles", "--bindings"), "excludes"),
                ((f"turn:{SERVER4}", "--cycles", "--rate", "100"), "excludes"),
                ((f"stun:{SERVER4}", "--cycles"), "is no TURN URI"),
                ((f"turn:{SERVER4}", "--cycles", "--peer", "here"), "is no IP address"),
                ((f"turn:{SERVER4}?transport=tcp", "--bindings"), "over UDP"),
                ((f"turn:{SERVER4}", "--bindings", "--allocations", "0"), "not from 1"),
        ):
            with self.subTest(arguments=arguments):
                self.assertIn(told, self.turnctl("bench", *arguments, status=1).stderr)


if __name__ == "__main__":
    unittest.main()
