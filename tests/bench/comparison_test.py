"""What compare_relay.py says of figures, and how it divides its crowd: without measuring anything."""

import pathlib
import resource
import types
import unittest
from unittest import mock

import beside
import relay_report
from crowd import Crowd
from relay_scenarios import SCENARIOS
from side_by_side import Results

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


class LatenciesTest(unittest.TestCase):
    def lines(self, servers, **figures):
        """Of 20 calls; `figures` are turnd's, coturn's are all 100."""
        results = Results()
        for name in servers:
            ours = name.startswith("turnd")
            results.add("calls-20", name, {figure.replace("_", "."): value if ours else 100
                                           for figure, value in figures.items()})
        return relay_report.latencies_above(results, [BY_NAME["calls-20"], BY_NAME["flow-up"]], servers)

    def test_each_above_a_peers_is_told(self):
        [line] = self.lines(["turnd", "coturn"], p50=90, p99=100, p99_9=125)
        self.assertEqual(line, "ABOVE coturn: calls-20: p99.9 of turnd is 1.25 times as long (125 us and 100 us)")

    def test_none_above_is_told_too(self):
        [line] = self.lines(["turnd", "coturn"], p50=90, p99=90, p99_9=90)
        self.assertIn("nowhere above those of coturn", line)

    def test_coalescing_and_servers_without_a_peer_are_left_out(self):
        self.assertEqual(self.lines(["turnd-coalesce", "coturn"], p50=200, p99=200, p99_9=200), [])
        self.assertEqual(self.lines(["turnd", "turnd-offload"], p50=200, p99=200, p99_9=200), [])


class RowsTest(unittest.TestCase):
    def rows(self, scenarios, **figures):
        """turnd's figures are half of coturn's."""
        results = Results()
        for scenario in scenarios:
            for name, factor in (("turnd", 1), ("coturn", 2)):
                results.add(scenario, name, {key.replace("_", " "): factor * value for key, value in figures.items()})
        return relay_report.rows_of_readme(results, "turnd", "coturn")

    def test_a_row_has_ratios_of_cost_rate_and_latency(self):
        self.assertEqual(self.rows(["indications"], us=1, kpps=3),
                         ["| Send and Data indications, both ways | 0.50 | 0.50 | |"])
        self.assertEqual(self.rows(["tls-calls"], us=1, p50=3, p99=4), ["| 20 calls over TLS | 0.50 | latency 0.50 | 0.50 |"])
        self.assertEqual(self.rows(["no-drop"], kpps=3),
                         ["| the highest rate without loss, 10 allocations in bursts of 4 | | 0.50 | |"])

    def test_memory_and_cpu_of_idle_allocations_are_told(self):
        memory, cpu = self.rows(["idle", "idle-tls"], KB=1.5, idle_us=0.01)
        self.assertEqual(memory, "| memory of an idle allocation: 1.5 KB; of an idle TLS client with one: 1.5 KB "
                                 "| 0.50; 0.50 | | |")
        self.assertIn("CPU of an idle allocation: 0.01 us a second", cpu)

    def test_a_row_of_which_a_part_was_not_measured_is_left_out(self):
        self.assertEqual(self.rows(["tcp-up"], us=1, kpps=3), [])

    def test_every_scenario_of_a_row_exists(self):
        for row in relay_report.ROWS:
            self.assertLessEqual(set(row.scenarios), set(BY_NAME))


class FloodsTest(unittest.TestCase):
    def test_the_cost_of_a_packet_counts_those_of_strangers(self):
        run = {"relayed_packets": 100, "duration": 2,
               "server_cost": {"cpu_seconds": 3, "processors_seconds_per_packet": 0.06}}
        self.assertEqual(beside.cost_of_any(run, 100), (0.01, 0.02))

    def test_the_engine_deals_with_a_million_a_second_or_it_is_told(self):
        self.assertEqual(beside.too_slow({}), ["engine_bench has no benchmark of a flood"])
        [line] = beside.too_slow({"GarbageFlood": 2e6, "MalformedFlood": 900_000.0})
        self.assertIn("MalformedFlood: 900,000", line)
        self.assertIsNone(beside.floods_of_the_engine(pathlib.Path("where no program is")))


class CrowdTest(unittest.TestCase):
    def crowd(self, wanted, files, smoke=False):
        limits = mock.patch.object(resource, "getrlimit", lambda _: (files, files))
        with limits, mock.patch("crowd.Place", lambda _far, number: types.SimpleNamespace(number=number)):
            return Crowd(mock.Mock(), wanted, smoke)

    def test_a_hundred_thousand_have_several_addresses_and_programs(self):
        crowd = self.crowd(100_000, 1 << 20)
        self.assertEqual((crowd.sessions, crowd.each, len(crowd.relays)), (100_000, 10_000, 1))
        self.assertNotIn("open files", crowd.said())

    def test_fewer_than_wanted_are_told(self):
        crowd = self.crowd(100_000, 20_000)
        self.assertEqual((crowd.sessions, crowd.each), (19_500, 9_750))
        self.assertIn("19,500 of 100,000 sessions", crowd.said())
        self.assertIn("the limit of 20,000 open files", crowd.said())

    def test_one_address_is_enough_for_what_its_ports_hold(self):
        self.assertEqual(self.crowd(50_000, 1 << 20).relays, [])

    def test_a_short_run_has_two_programs(self):
        crowd = self.crowd(100_000, 20_000, smoke=True)
        self.assertEqual((crowd.sessions, crowd.each), (10, 5))
        self.assertLess(1 + crowd.seconds, crowd.call_seconds)


if __name__ == "__main__":
    unittest.main()
