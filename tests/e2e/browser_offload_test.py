"""A video call between two headless Chromium pages at the far end of a link, relayed in the kernel by each program."""

import json
import subprocess
import unittest

from support import SERVER4
from support.browser import Call
from support.offload_case import PASSWORD, USER, OffloadCase


class BrowserOffloadTest(OffloadCase):
    SERVERS = [{"urls": [f"turn:{SERVER4}:3478?transport=udp"], "username": USER, "credential": PASSWORD}]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.far.entered():  # browsers gather at the interface of the default route
            subprocess.run(["ip", "route", "add", "default", "dev", "relay1"], check=True)

    def test_a_video_call_is_relayed(self):
        for mode in ("tc", "xdp"):
            with self.subTest(mode):
                turnd = self.start(mode)
                with self.far.entered(), Call(self.SERVERS) as call:
                    running = turnd.wait_for(
                        lambda: call.both(lambda report: report["frames"] > 20 and report["messages"] > 10), seconds=90)
                    self.assertTrue(running, json.dumps(call.reports, indent=1))
                    self.assert_relayed_by(mode, self.offload(turnd)["channels"])
                    for report in call.reports.values():
                        self.assertEqual(report["local"]["candidateType"], "relay")
                        self.assertEqual(report["remote"]["candidateType"], "relay")
            self.doCleanups()


if __name__ == "__main__":
    unittest.main()
