"""A video call between two headless Chromium pages through turnd, over each transport that browsers speak."""

import json
import subprocess
import unittest

from support import SERVER4
from support.browser import Call
from support.turnd import BIN
from support.turnd_case import TurndCase


class BrowserTest(TurndCase):
    def ice_servers(self, uri):
        credential = self.turnd.credential("browser")
        return [{"urls": [uri], "username": credential["username"], "credential": credential["password"]}]

    def assert_call_runs(self, call, protocol):
        running = self.turnd.wait_for(
            lambda: call.both(lambda report: report["frames"] > 20 and report["messages"] > 10), seconds=90)
        self.assertTrue(running, json.dumps(call.reports, indent=1))
        for report in call.reports.values():
            self.assertEqual(report["connection"], "connected")
            self.assertEqual(report["local"]["candidateType"], "relay")
            self.assertEqual(report["local"]["relayProtocol"], protocol)
            self.assertEqual(report["remote"]["candidateType"], "relay")

    def test_a_video_call_is_relayed_over_each_transport(self):
        for uri, protocol in ((f"turn:{SERVER4}:3478?transport=udp", "udp"),
                              (f"turn:{SERVER4}:3478?transport=tcp", "tcp"),
                              (f"turns:{SERVER4}:5349?transport=tcp", "tls")):
            with self.subTest(uri=uri), Call(self.ice_servers(uri)) as call:
                self.assert_call_runs(call, protocol)
                sessions = [session for session in self.turnd.sessions() if session["transport"] == protocol]
                self.assertGreaterEqual(len(sessions), 2)
                self.assert_bytes_agree(call, sessions)

    def assert_bytes_agree(self, call, sessions):
        """What the pages say they sent is what turnd says it relayed, but for the seconds between two looks."""
        relayed = sum(session["traffic"]["to_peer"]["bytes"] for session in sessions)
        sent = sum(report["sent"] for report in call.reports.values())
        self.assertGreater(relayed, 0)
        self.assertLess(abs(relayed - sent), 0.5 * max(relayed, sent), f"relayed {relayed}, sent {sent}")

    def test_the_operator_sees_the_call_live_and_ends_it(self):
        with Call(self.ice_servers(f"turn:{SERVER4}:3478?transport=udp")) as call:
            self.assert_call_runs(call, "udp")
            watch = subprocess.Popen([BIN / "turnctl", "--socket", self.turnd.socket, "--json", "sessions", "watch",
                                      "--interval", "500ms"], stdout=subprocess.PIPE, text=True)
            self.addCleanup(watch.stdout.close)
            self.addCleanup(watch.wait)
            self.addCleanup(watch.kill)
            growing = {}
            while not (len(growing) >= 2 and all(len(figures) > 1 for figures in growing.values())):
                event = json.loads(watch.stdout.readline())
                if event["type"] == "session.updated":
                    figures = growing.setdefault(event["session"]["id"], set())
                    figures.add(event["session"]["traffic"]["to_client"]["bytes"])

            for session in self.turnd.sessions():
                self.turnd.turnctl("sessions", "kill", session["id"])

            ended = self.turnd.wait_for(
                lambda: call.both(lambda report: report["connection"] in ("disconnected", "failed")), seconds=30)
            self.assertTrue(ended, json.dumps(call.reports, indent=1))
            closed = json.loads(watch.stdout.readline())
            while closed["type"] != "session.closed":
                closed = json.loads(watch.stdout.readline())
            self.assertEqual(closed["reason"], "killed")


if __name__ == "__main__":
    unittest.main()
