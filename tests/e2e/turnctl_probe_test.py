"""`turnctl probe` over every transport, and what it says when something is wrong."""

import time
import unittest

from support import SERVER4
from support.turnctl_case import PASSWORD, USER, RunningTurnd, run


class ProbeTest(RunningTurnd):
    STEPS = ["binding", "allocate", "permission", "echo"]
    URIS = {f"turn:{SERVER4}": [], f"turn:{SERVER4}?transport=tcp": ["connect"], f"turns:{SERVER4}": ["connect", "tls"],
            f"turns:{SERVER4}?transport=udp": ["tls"]}

    def failing(self, step, *arguments):
        began = time.monotonic()
        done = self.turnctl("probe", *arguments, status=1)
        self.assertLess(time.monotonic() - began, 20)
        self.assertRegex(done.stdout, f"(?m)^✗ {step} ")
        self.assertRegex(done.stderr, f"^turnctl: {step} failed: .+; .+\n$")
        return done.stderr

    def test_every_transport_goes_through_all_steps(self):
        for uri, reaching in self.URIS.items():
            with self.subTest(uri=uri):
                report = self.json("probe", uri, "--ca", self.certificates.authority)
                self.assertEqual([step["name"] for step in report["steps"]], ["resolve", *reaching, *self.STEPS])
                self.assertTrue(report["ok"] and all(step["ok"] for step in report["steps"]))
                self.assertTrue(all(step["duration"] >= 0 and step["remedy"] is None for step in report["steps"]))

    def test_people_see_a_line_for_each_step(self):
        lines = self.turnctl("probe", f"turn:{SERVER4}").stdout.splitlines()
        self.assertEqual([line.split()[:2] for line in lines], [["✓", step] for step in ("resolve", *self.STEPS)])

    def test_a_stun_uri_ends_after_binding(self):
        report = self.json("probe", f"stun:{SERVER4}")
        self.assertEqual([step["name"] for step in report["steps"]], ["resolve", "binding"])

    def test_a_user_of_ones_own_logs_in_from_anywhere(self):
        done = run("--socket", "/nonexistent", "probe", f"turn:{SERVER4}", "--user", USER, "--password-file",
                   self.file(PASSWORD))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_no_allocation_is_left_behind(self):
        self.turnctl("probe", f"turn:{SERVER4}?transport=tcp")
        self.assertTrue(self.turnd.wait_for(lambda: not self.turnd.sessions(), seconds=3))

    def test_a_wrong_password_is_told(self):
        told = self.failing("allocate", f"turn:{SERVER4}", "--user", USER, "--password-file", self.file("wrong"))
        self.assertIn("password", told)

    def test_a_closed_port_is_told(self):
        self.assertIn("Connection refused", self.failing("connect", f"turn:{SERVER4}:3999?transport=tcp"))
        self.failing("binding", f"turn:{SERVER4}:3999")
        self.failing("tls", f"turns:{SERVER4}:3999?transport=udp")

    def test_an_untrusted_certificate_is_told(self):
        for uri in (f"turns:{SERVER4}", f"turns:{SERVER4}?transport=udp"):
            self.assertIn("--ca", self.failing("tls", uri))
            self.turnctl("probe", uri, "--insecure")

    def test_without_turnd_beside_it_a_user_is_asked_for(self):
        done = run("--socket", "/nonexistent", "probe", f"turn:{SERVER4}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--user", done.stderr)

    def test_what_is_no_uri_is_refused(self):
        self.assertIn("turn:HOST", self.turnctl("probe", "example.org", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
